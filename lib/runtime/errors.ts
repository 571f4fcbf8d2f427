import type { IdempotencyRecord } from './idempotency/record.ts';

/** Throw it when a retry cannot help. The event goes to the dead-letter queue at once, with this reason. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
}

/**
 * Throw it when what the handler calls is down or too busy, and the event itself is all right. It counts as a sign of an outage: it opens the
 * consumer's breaker sooner or later, and no event dies of it alone. Time-outs, refused connections, and errors of the AWS SDK that may pass
 * count without it.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** Thrown for a message that is not an event, or whose data breaks its contract. */
export class UnreadableEventError extends PermanentError {
  override readonly name = 'UnreadableEventError';
}

/**
 * The reason of a dead letter: another event with the same `source` and `id` came before. Its publisher uses ids twice, or somebody
 * forges events. The event is not a duplicate, and only a person can decide whether it should take effect.
 */
export class ConflictingEventError extends PermanentError {
  override readonly name = 'ConflictingEventError';

  constructor(type: string, earlier: string) {
    const which = type === earlier ? `another ${earlier}` : `a ${earlier}`;
    super(
      `${which} with the same source and id came before, and this ${type} has other content; ` +
        'find out who published it, and if it should take effect, publish it again with another id',
    );
  }
}

/** The reason of a dead letter: a replay repeats the effects of the event, and its consumer does not allow that. */
export class ReplayRefusedError extends PermanentError {
  override readonly name = 'ReplayRefusedError';

  constructor(consumer: string, replay: string) {
    super(
      `${consumer} refuses to repeat its effects: its definition says replay: 'refuse', and replay ${replay} has sent the event again; ` +
        'purge it, or allow replays in the definition, deploy, and redrive it',
    );
  }
}

/** Thrown when the data of an event is stored elsewhere and is not available, and a retry cannot help. */
export class DataUnavailableError extends PermanentError {
  override readonly name = 'DataUnavailableError';
}

/** The reason of a dead letter: the event came too early for its saga, and what it waits for has not come. */
export class EarlyEventError extends PermanentError {
  override readonly name = 'EarlyEventError';
}

/**
 * Why one write of a rejected commit was refused.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html
 */
export interface Rejection {
  /** DynamoDB's code, such as `ConditionalCheckFailed`; `None` when this write was not the reason. */
  readonly code: string;
  /** The current item, if the write has `ReturnValuesOnConditionCheckFailure: 'ALL_OLD'`. */
  readonly item?: unknown;
}

/**
 * Thrown by `ctx.commit` when a condition of the handler's own writes does not hold. Nothing was written, and the events that were
 * emitted before are dropped. The handler may emit and commit something else.
 */
export class CommitRejectedError extends Error {
  override readonly name = 'CommitRejectedError';
  /** One for each write, in the same order. */
  readonly rejections: readonly Rejection[];

  constructor(rejections: readonly Rejection[], options?: ErrorOptions) {
    const failed = rejections.flatMap(({ code }, index) =>
      code === 'None' ? [] : [`write ${index}: ${code}`],
    );
    super(`the commit was rejected (${failed.join(', ')})`, options);
    this.rejections = rejections;
  }

  /** Whether the condition of the write at this index does not hold. */
  rejects(index: number): boolean {
    return this.rejections[index]?.code === 'ConditionalCheckFailed';
  }
}

/** Thrown in a handler when another invocation has finished its event. The message is acknowledged. */
export class AlreadyCompletedError extends Error {
  override readonly name = 'AlreadyCompletedError';
  /** The record that the other invocation has written. */
  readonly record: IdempotencyRecord;

  constructor(record: IdempotencyRecord) {
    super('another invocation has already committed this event');
    this.record = record;
  }
}

/** Thrown when another invocation has taken over the lease. This invocation must have no more effects. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super('another invocation has taken over this event, so this invocation may not commit');
  }
}

/** Thrown when a handler calls its context, or `around` its `next()`, after it has ended or after its time is over. The call has no effect. */
export class HandlerEndedError extends Error {
  override readonly name = 'HandlerEndedError';

  constructor(what: string) {
    super(
      `${what} was called after the handler had ended or its time was over; await all work of the event in the handler`,
    );
  }
}

/** Thrown when the handler has not finished and the invocation has to end. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';

  constructor(milliseconds: number) {
    super(
      `the handler was still running after ${milliseconds} ms; raise timeoutSeconds, or make the handler stop when ctx.signal fires`,
    );
  }
}

/** The reason of a dead letter: the process died or timed out in the last attempt, in which it had only this event. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';

  constructor(attempts: number) {
    super(
      `the process died or timed out in the last of ${attempts} attempts; the function's log shows how it ended`,
    );
  }
}

/** An earlier failure of the same event, read from its record. */
export class EarlierAttemptError extends Error {
  override readonly name: string;

  constructor({ name, message }: { readonly name: string; readonly message: string }) {
    super(message);
    this.name = name;
  }
}

/** Thrown when a request has no answer within its time limit. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';

  constructor(what: string) {
    super(`there was no time left for ${what}`);
  }
}

/** The invocation's time was over before the handler could begin. Another invocation may have the lease by then. */
export class NotBegunError extends Error {
  override readonly name = 'NotBegunError';

  constructor() {
    super('there was no time left to begin the handler; lower batchSize or raise timeoutSeconds');
  }
}

/** An earlier event of the same message group has failed, so this event has to wait for it. */
export class GroupBlockedError extends Error {
  override readonly name = 'GroupBlockedError';

  constructor(group: string) {
    super(`an earlier event of message group ${group} has not been handled yet`);
  }
}

/** Why an event has to wait, such as for an earlier one of its saga. It is released: delivered again later, and no attempt is counted. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
}

/** Thrown when the item of a saga does not fit the code: another version of the code has written it. The item stays unchanged. */
export class UnreadableSagaError extends Error {
  override readonly name = 'UnreadableSagaError';
}

interface BreakerOpenProps {
  readonly reason: string;
  readonly delaySeconds: number;
  /** @default false */
  readonly grows?: boolean;
}

/** The breaker of the consumer is open, so the event waits and counts no attempt. Its cause is the event's own failure, if it has begun. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  /** Seconds until the event should be delivered again. */
  readonly delaySeconds: number;
  /** Whether an event that was received often is delivered later than that. */
  readonly grows: boolean;

  constructor({ reason, delaySeconds, grows = false }: BreakerOpenProps, options?: ErrorOptions) {
    super(`the breaker is open, so the event waits and counts no attempt: ${reason}`, options);
    this.delaySeconds = delaySeconds;
    this.grows = grows;
  }
}
