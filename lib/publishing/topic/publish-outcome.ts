import { reasonOf, toError } from '../../contracts/text/error-reason.ts';

/** The outcome of one event. */
export type PublishOutcome =
  | { readonly status: 'published'; readonly messageId: string }
  | {
      readonly status: 'failed';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

/** Whether the same event may be taken when it is sent again. */
export function isRetryable(outcome: PublishOutcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.retryable;
}

export function failure(code: string, message: string, retryable: boolean): PublishOutcome {
  return { status: 'failed', code, message, retryable };
}

/** The outcome of what can never be sent, with the reason. */
export function notEncodable(thrown: unknown): PublishOutcome {
  return failure('NotEncodable', reasonOf(toError(thrown)).message, false);
}
