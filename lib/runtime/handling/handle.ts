import type { EventContract } from '../../contracts/define-event.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import type { Outcome } from '../batch/batch-item.ts';
import type { Deadline } from '../deadline.ts';
import {
  AlreadyCompletedError,
  LeaseLostError,
  NotBegunError,
  NotYetError,
  PermanentError,
} from '../errors.ts';
import type { EventData } from '../event/event-data.ts';
import type { ReadEvent } from '../event/read-event.ts';
import { isWhole, withData } from '../event/with-data.ts';
import type { AcquireSlot } from '../rate-limit/rate-limit.ts';
import type { EventContext } from './context.ts';
import type { HandlerContext } from './handler-context.ts';
import { outcomeOfRepetition } from './repetition.ts';

/** A handler without its own types. The caller makes sure that the event has the handler's type and a valid content. */
export type Handle = (event: Envelope, context: HandlerContext) => unknown;

/** What running a handler needs. */
export interface Run {
  readonly handler: Handle;
  readonly deadline: Deadline;
  readonly eventData: EventData;
  /** Waits until the handler may begin. Undefined when the consumer has no rate limit. */
  readonly acquireSlot: AcquireSlot | undefined;
  /** Why the handler may not begin. Undefined when the consumer has no breaker. */
  readonly stop: (() => Error | undefined) | undefined;
}

/** Runs the handler of one event and returns its outcome. Never throws. */
export async function handle(read: ReadEvent, context: EventContext, run: Run): Promise<Outcome> {
  const ready = await prepare(read, context, run);
  if ('outcome' in ready) return ready.outcome;
  // It may have waited long, and another handler may have kept the processor until now.
  if (run.deadline.passed()) return notBegun(context, new NotBegunError());
  let failure: Error | undefined;
  try {
    await run.deadline.race(callHandler(ready.event, context, run));
  } catch (thrown) {
    failure = toError(thrown);
  }
  try {
    // A commit that is still running decides the outcome, even if the handler has thrown in the meantime.
    if (context.pending) await run.deadline.race(context.pending);
  } catch (error) {
    failure ??= toError(error);
  }
  context.close();
  return outcomeOf(read, context, failure);
}

/** Waits for the event's data, and then for a slot: a slot is a time, at which the handler has to begin. The attempt begins after that. */
async function prepare(
  read: ReadEvent,
  context: EventContext,
  { acquireSlot, stop, deadline, eventData }: Run,
): Promise<{ readonly event: Envelope } | { readonly outcome: Outcome }> {
  try {
    const event = isWhole(read) ? read.event : await deadline.race(withData(read, eventData, context.signal));
    if (acquireSlot) await acquireSlot();
    // Other handlers may have failed while this event waited.
    const stopped = stop?.();
    if (stopped) throw stopped;
    return { event };
  } catch (thrown) {
    return { outcome: notBegun(context, toError(thrown)) };
  }
}

/** The outcome of an event whose handler does not begin. */
function notBegun(context: EventContext, error: Error): Outcome {
  context.close();
  const final = error instanceof PermanentError;
  return final ? { status: 'deadLettered', error, digests: [] } : { status: 'released', error };
}

/** Calls the handler. If it throws synchronously, the promise rejects. */
async function callHandler(event: Envelope, context: EventContext, { handler }: Run): Promise<void> {
  // A copy: a handler that changes its event must not change the ids of the events that it emits.
  await handler({ ...event }, context);
}

function outcomeOf(
  { contract, content }: ReadEvent,
  context: EventContext,
  failure: Error | undefined,
): Outcome {
  const { committed, outbox, digests, interruption, rejection } = context;
  if (committed) {
    // A commit cannot be undone, and the message must not be delivered again. So the failure is only logged.
    if (failure) logAfterCommit(context, contract, failure);
    return { status: 'completed', committed, outbox };
  }
  // It is thrown after a rejected commit too, when the saga has changed meanwhile: nothing was written, so the event may wait.
  if (failure instanceof NotYetError) return { status: 'released', error: failure };
  const cause = interruption ?? failure ?? rejection;
  if (!cause) return { status: 'completed', committed, outbox };
  if (cause instanceof AlreadyCompletedError) return outcomeOfRepetition(content, cause.record);
  if (cause instanceof LeaseLostError) return { status: 'failed', error: cause, recorded: false, digests };
  if (cause instanceof PermanentError) return { status: 'deadLettered', error: cause, digests };
  return { status: 'failed', error: cause, recorded: true, digests };
}

function logAfterCommit(context: EventContext, { versionedType }: EventContract, failure: Error): void {
  try {
    context.logger.error(
      `the handler of ${versionedType} threw after its commit; the event is done`,
      failure,
    );
  } catch {
    // The event is done. A failure to log must not change that.
  }
}
