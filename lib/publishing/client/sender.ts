import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { ReceiptQuery } from '../../contracts/receipts/receipt-query.ts';
import type { Problem } from '../../contracts/text/problem.ts';

/** The outcome of one event. */
export type SendOutcome = PublishedOutcome | FailedOutcome;

export interface PublishedOutcome {
  readonly status: 'published';
  /** The times in the link to its receipt. @default - it was sent to the topic, or the answer has no link */
  readonly times?: Pick<ReceiptQuery, 'publishedAt' | 'deliverAt'>;
}

export interface FailedOutcome {
  readonly status: 'failed';
  /** The error code, for programs: a code of SNS, `HTTP 403`, `NotSent`, ... */
  readonly code: string;
  readonly message: string;
  /** Whether the same event may succeed when it is sent again. */
  readonly retryable: boolean;
  /** The problems of the event, when it is invalid. */
  readonly problems?: readonly Problem[];
}

/** Sends whole envelopes to the API or to the topic, and retries transient failures. */
export interface Sender {
  /** The largest event that it accepts, in bytes of JSON with the message attributes. */
  readonly maxEventBytes: number;
  /** Whether the topic is FIFO, so that each event needs a partitionkey. With the API it is not known, and the API checks it. @default false */
  readonly fifo?: boolean;
  /** Whether it takes events that come later. */
  readonly takesLater: boolean;
  /** @returns one outcome per event, in the same order. An event whose arrival is not known counts as failed. */
  publish(
    events: readonly Envelope[],
    options: { readonly signal?: AbortSignal },
  ): Promise<readonly SendOutcome[]>;
}

export function failed(code: string, message: string, retryable: boolean): FailedOutcome {
  return { status: 'failed', code, message, retryable };
}
