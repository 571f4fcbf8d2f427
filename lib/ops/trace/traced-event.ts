import type { Replay } from '../../contracts/delivery/replay.ts';

/** An event with its handlings. Times are epoch milliseconds. */
export interface TracedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Time of the event, if its publisher or a record has it. */
  readonly at?: number | undefined;
  readonly handlings: readonly Handling[];
  /** When it arrived in the archive, if that is where it was found: then it has no handlings, because no consumer has a record of it. */
  readonly archivedAt?: number | undefined;
  /** Of an event that was found in the archive: the events there that it caused. */
  readonly caused?: readonly TracedEvent[] | undefined;
}

/**
 * Status of an event at a consumer.
 *
 * - `unseen`: the subscription accepts the type, but there is no record: the event waits, is in flight or was filtered out by its data, or the
 *   process died before it wrote a record
 * - `waiting`: no handler has begun yet; waiting does not count as an attempt
 * - `handling`: a handler runs; its lease has not ended
 * - `died`: the lease has ended and nothing more was recorded: the process died or timed out; the message is delivered again
 * - `retrying`: the last attempt has failed, and the message is delivered again
 * - `dead`: given up; its message is in the dead-letter queue
 * - `redriven`: sent back to the queue, and not begun again
 * - `purged`: deleted from the dead-letter queue
 * - `gone`: given up, and its message is no longer in the dead-letter queue: it expired, or was purged or redriven without Fanfare's commands
 * - `committed`: done, but its emitted events are not known to be published
 * - `completed`: done
 */
export type HandlingStatus =
  | 'unseen'
  | 'waiting'
  | 'handling'
  | 'died'
  | 'retrying'
  | 'dead'
  | 'redriven'
  | 'purged'
  | 'gone'
  | 'committed'
  | 'completed';

/** One event at one consumer. */
export interface Handling {
  /** The label of the consumer: of another app, with its owner before its name. */
  readonly consumer: string;
  readonly status: HandlingStatus;
  /** The replay that has sent the event to it. A replay that repeats effects is a handling of its own. */
  readonly replay?: Replay | undefined;
  /** Since when it has this status, if that is known. */
  readonly since?: number | undefined;
  /** When the last attempt began. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** Whether `endedAt` is when the commit was sent: its transaction cannot record when it ended. */
  readonly endsWithCommit: boolean;
  /** When SQS began a redrive that runs now and may not have moved this message yet. */
  readonly redriveRunsSince?: number | undefined;
  /** How often a handler has begun since the message was first received. `dlq list` counts the same. */
  readonly attempts?: number | undefined;
  /** Why the last attempt failed. */
  readonly error?: string | undefined;
  /** The last ten failed attempts and the current one, the oldest first. */
  readonly history: readonly Attempt[];
  readonly emitted: readonly TracedEvent[];
}

export interface Attempt {
  /** Number of the attempt; 0 when it was not counted. */
  readonly attempt: number;
  readonly startedAt: number;
  /** Absent while it runs, and when its process died. */
  readonly endedAt?: number | undefined;
  /** Why it failed: the beginning of the error, at most 48 characters. */
  readonly reason?: string | undefined;
}
