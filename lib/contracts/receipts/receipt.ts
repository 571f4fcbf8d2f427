/**
 * What a consumer has done with an event.
 *
 * - `waiting`: no handler has begun: the event is on its way, in the queue, or sent back to it. With `effects: 'commit'`: no handler has finished
 * - `handling`: a handler runs. With `effects: 'commit'`, the first attempt is not recorded before it has finished, so it is `waiting`
 * - `failing`: the last attempt has failed, and there will be another
 * - `done`: the handler has finished. Events that it has emitted may still be on their way
 * - `dead`: given up; the event is in the dead-letter queue, or was deleted from it
 * - `skipped`: the consumer does not take events of this type, and another one does
 * - `unknown`: it cannot be said; `why` says what is missing
 */
export type ReceiptStatus = 'waiting' | 'handling' | 'failing' | 'done' | 'dead' | 'skipped' | 'unknown';

/**
 * Why the status is not known.
 *
 * - `filter`: there is no record. The consumer takes only events with certain data, so the event waits or was filtered out
 * - `type`: there is no record, and the request does not say the type of the event. The link from the answer of `POST /events` does
 * - `nobody`: there is no record, and no consumer takes a type of this name: it is mistyped, or nobody takes it
 * - `time`: there is no record, and the request does not say when the event was published. The link does
 * - `later`: there is no record, and the consumer was deployed or changed after the event was published, or delivered if it comes later
 * - `expired`: there is no record, and the event is so old that its record may have expired
 * - `unreadable`: the table of the consumer could not be read: it is being deployed or removed, has another tag, or does not answer
 */
export type UnknownReason = 'filter' | 'type' | 'nobody' | 'time' | 'later' | 'expired' | 'unreadable';

/** One consumer in a receipt. Times are RFC 3339. */
export interface ConsumerReceipt {
  readonly consumer: string;
  readonly status: ReceiptStatus;
  /** Since when it has this status, if that is known. */
  readonly since?: string;
  /** How often a handler has begun. */
  readonly attempts?: number;
  /** After how many attempts the event is given up. Only while it fails. */
  readonly maxAttempts?: number;
  /** The next attempt begins at this time at the latest, if a function is free. Only while it fails. */
  readonly nextAttemptBefore?: string;
  /** The name and message of the last error. It may have customers' data. Absent when the bus leaves reasons out. */
  readonly reason?: string;
  /** The replay that has sent the event to this consumer. */
  readonly replay?: string;
  readonly why?: UnknownReason;
}

/** What became of a published event, by consumer. */
export interface Receipt {
  readonly id: string;
  readonly source: string;
  /** As the request says it. */
  readonly type?: string;
  /** When the API has accepted it, as the request says it. */
  readonly publishedAt?: string;
  /** When the event comes, or has come, if that is later than it was published. As the request says it. */
  readonly deliverAt?: string;
  /** Whether any consumer has a record of the event. If not, it waits everywhere, or was never published: nobody can tell. */
  readonly seen: boolean;
  /** Whether no consumer has it before it: each is done, dead, skipped or unknown, and the table of each could be read. */
  readonly settled: boolean;
  readonly consumers: readonly ConsumerReceipt[];
  /** What the reader should know. */
  readonly note?: string;
}

const OPEN: ReadonlySet<ReceiptStatus> = new Set<ReceiptStatus>(['waiting', 'handling', 'failing']);

/** Whether the status can still change by itself. */
export function isOpen({ status }: Pick<ConsumerReceipt, 'status'>): boolean {
  return OPEN.has(status);
}
