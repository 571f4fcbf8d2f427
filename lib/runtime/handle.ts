import type { EventContract } from '../contracts/define-event.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { EventContext, HandlerContext } from './context.ts';
import type { Deadline } from './deadline.ts';
import { AlreadyDone, LeaseLost, NotBegun, PermanentFailure } from './failures.ts';
import type { Outcome } from './job.ts';
import type { Turn } from './rate-limit.ts';

/** A handler as the runtime calls it: the contract has been checked, the type is the caller's matter. */
export type Handle = (event: Envelope, context: HandlerContext) => Promise<void> | void;

/** What a handler is run with. */
export interface Run {
  readonly handler: Handle;
  readonly deadline: Deadline;
  /** Given when the consumer has a rate limit. */
  readonly turn: Turn | undefined;
}

/** Runs the handler of one event and says how it ended. Never throws. */
export async function handle(
  { event, contract }: { readonly event: Envelope; readonly contract: EventContract },
  context: EventContext,
  run: Run,
): Promise<Outcome> {
  try {
    if (run.turn) await run.turn();
    if (run.deadline.passed()) throw new NotBegun();
    await run.deadline.race(Promise.resolve().then(() => run.handler(event, context)));
  } catch (error) {
    context.close();
    return afterThrow(context, error instanceof Error ? error : new Error(String(error)), contract);
  }
  if (context.interruption) return afterThrow(context, context.interruption, contract);
  context.close();
  return { kind: 'done', committed: context.committed, outbox: context.outbox };
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
