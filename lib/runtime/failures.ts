import type { IdempotencyRecord } from './idempotency/record.ts';

/** Throw it when trying again cannot help: the event goes to the dead-letter queue at once, with this reason. */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}

/** A message that is no event, or whose data breaks its contract. */
export class UnreadableEvent extends PermanentFailure {
  override readonly name = 'UnreadableEvent';
}

/**
 * Another event came before under the same `source` and `id`. Its publisher uses ids twice, or somebody pretends to be another: it is no
 * duplicate, and whether it was meant to have an effect only a person can tell.
 */
export class ConflictingEvent extends PermanentFailure {
  override readonly name = 'ConflictingEvent';

  constructor(type: string, earlier: string) {
    const which = type === earlier ? `another ${earlier}` : `a ${earlier}`;
    super(
      `${which} came before under the same source and id, and this ${type} says something else; ` +
        'find out who published it, and publish it again under an id of its own if it was meant',
    );
  }
}

/** The data of an event is kept elsewhere and cannot be had, and trying again will not help. */
export class DataUnavailable extends PermanentFailure {
  override readonly name = 'DataUnavailable';
}

/** Why one write of a rejected commit was refused. */
export interface Rejection {
  /** `None` when this write would have been possible. */
  readonly code: string;
  /** The item as it is, when the write asked for it with ReturnValuesOnConditionCheckFailure. */
  readonly item?: unknown;
}

/**
 * `ctx.commit` was refused because a condition of the handler's own writes does not hold. Nothing was written, what
 * was emitted before is forgotten, and the handler may commit something else.
 */
export class CommitRejected extends Error {
  override readonly name = 'CommitRejected';
  /** One for each write, in the order given. */
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

/** Another invocation has finished this event: the handler ends here, and the message is acknowledged. */
export class AlreadyDone extends Error {
  override readonly name = 'AlreadyDone';
  /** What the record says of what was done. */
  readonly record: IdempotencyRecord;

  constructor(record: IdempotencyRecord) {
    super('another invocation has already committed this event');
    this.record = record;
  }
}

/** This invocation's lease was taken over: whatever it still does must have no effect. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('another invocation has taken this event over; this one may no longer commit');
  }
}

/** A handler does something after it has returned, or after its time was over: it has no effect. */
export class HandlerEnded extends Error {
  override readonly name = 'HandlerEnded';

  constructor(what: string) {
    super(
      `${what} after the handler has ended or its time was over: await everything that belongs to the event`,
    );
  }
}

/** The handler had not finished when the invocation had to come to its end. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(milliseconds: number) {
    super(`the handler was still running after ${milliseconds} ms; raise timeoutSeconds, or heed ctx.signal`);
  }
}

/** The process died or timed out with this event in its hands, alone, as often as an event may be tried. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';

  constructor(attempts: number) {
    super(
      `its process died or timed out in each of the last attempts of ${attempts}; the function's log says how it ended`,
    );
  }
}

/** An earlier failure of the same event, read back from its record. */
export class EarlierFailure extends Error {
  override readonly name: string;

  constructor({ name, message }: { readonly name: string; readonly message: string }) {
    super(message);
    this.name = name;
  }
}

/** A request had no answer before there was time left only to end the invocation. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor(what: string) {
    super(`there was no time left for ${what}`);
  }
}

/** The invocation's time was over before the event's turn came: its lease may have gone to another by then. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';

  constructor() {
    super('there was no time left to begin; lower batchSize or raise timeoutSeconds');
  }
}

/** An earlier event of the same message group failed, so this one must wait for it. */
export class GroupBlocked extends Error {
  override readonly name = 'GroupBlocked';

  constructor(group: string) {
    super(`an earlier event of message group ${group} has not been handled yet`);
  }
}
