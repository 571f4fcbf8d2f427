import type { EventContract } from '../contracts/define-event.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { EventContext, HandlerContext } from './context.ts';
import type { Deadline } from './deadline.ts';
import type { EventData } from './event-data.ts';
import { AlreadyDone, LeaseLost, NotBegun, PermanentFailure } from './failures.ts';
import type { Outcome } from './job.ts';
import type { Turn } from './rate-limit.ts';
import type { ReadEvent } from './read-event.ts';
import { isWhole, withData } from './with-data.ts';

/** A handler as the runtime calls it: the contract has been checked, the type is the caller's matter. */
export type Handle = (event: Envelope, context: HandlerContext) => Promise<void> | void;

/** What a handler is run with. */
export interface Run {
  readonly handler: Handle;
  readonly deadline: Deadline;
  readonly eventData: EventData;
  /** Given when the consumer has a rate limit. */
  readonly turn: Turn | undefined;
}

/** Runs the handler of one event and says how it ended. Never throws. */
export async function handle(read: ReadEvent, context: EventContext, run: Run): Promise<Outcome> {
  try {
    if (run.turn) await run.turn();
    if (run.deadline.passed()) throw new NotBegun();
    await run.deadline.race(callHandler(read, context, run));
  } catch (error) {
    context.close();
    return afterThrow(context, error instanceof Error ? error : new Error(String(error)), read.contract);
  }
  if (context.interruption) return afterThrow(context, context.interruption, read.contract);
  context.close();
  return { kind: 'done', committed: context.committed, outbox: context.outbox };
}

async function callHandler(
  read: ReadEvent,
  context: EventContext,
  { handler, eventData }: Run,
): Promise<void> {
  const event = isWhole(read) ? read.event : await withData(read, eventData, context.signal);
  await handler(event, context);
}

function afterThrow(context: EventContext, error: Error, { versionedType }: EventContract): Outcome {
  if (context.committed) {
    // What is committed cannot be taken back, and the message must not come again: say so and go on.
    context.logger.error(`the handler of ${versionedType} threw after its commit; the event is done`, error);
    return { kind: 'done', committed: true, outbox: context.outbox };
  }
  const cause = context.interruption ?? error;
  if (cause instanceof AlreadyDone) {
    return cause.outbox.length > 0 ? { kind: 'unpublished', outbox: cause.outbox } : { kind: 'duplicate' };
  }
  if (cause instanceof LeaseLost) return { kind: 'failed', error: cause, recorded: false };
  if (cause instanceof PermanentFailure) return { kind: 'dead', error: cause };
  return { kind: 'failed', error: cause, recorded: true };
}
