import type { Envelope } from '../contracts/envelope.ts';
import type { Problem } from '../contracts/problem.ts';

/** What became of one event. */
export type SendOutcome = { readonly status: 'published' } | FailedOutcome;

export interface FailedOutcome {
  readonly status: 'failed';
  /** A word for programs: SNS's own, `HTTP 403`, `NotSent` ... */
  readonly code: string;
  readonly message: string;
  /** Whether the same event may be taken another time. */
  readonly retryable: boolean;
  /** What is wrong with the event, when that is the reason. */
  readonly problems?: readonly Problem[];
}

/** The way out: it takes whole envelopes, whatever they were made of, and tries again what fails for a passing reason. */
export interface Sender {
  /** The largest event that it takes, as JSON with its message attributes. */
  readonly maxEventBytes: number;
  /** @returns one outcome per event, in the order given; an event that may not have got there counts as failed */
  publish(
    events: readonly Envelope[],
    options: { readonly signal?: AbortSignal },
  ): Promise<readonly SendOutcome[]>;
}

export function failed(code: string, message: string, retryable: boolean): FailedOutcome {
  return { status: 'failed', code, message, retryable };
}
