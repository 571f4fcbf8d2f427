import type { EventContract } from '../contracts/define-event.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { EventContext } from './context.ts';
import type { Deadline } from './deadline.ts';
import { toError } from './error-reason.ts';
import type { EventData } from './event-data.ts';
import { AlreadyDone, LeaseLost, NotBegun, PermanentFailure } from './failures.ts';
import type { HandlerContext } from './handler-context.ts';
import type { Outcome } from './job.ts';
import type { Turn } from './rate-limit.ts';
import type { ReadEvent } from './read-event.ts';
import { outcomeOfRepetition } from './repetition.ts';
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
  const ready = await prepare(read, context, run);
  if ('outcome' in ready) return ready.outcome;
  let failure: Error | undefined;
  try {
    await run.deadline.race(callHandler(ready.event, context, run));
  } catch (thrown) {
    failure = toError(thrown);
  }
  try {
    // A commit that nobody has awaited, or that lost a race, decides what has happened: whatever was thrown meanwhile.
    if (context.pending) await run.deadline.race(context.pending);
  } catch (error) {
    failure ??= toError(error);
  }
  context.close();
  return outcomeOf(read, context, failure);
}

/** Waits for the event's turn and its data: the attempt begins after that. */
async function prepare(
  read: ReadEvent,
  context: EventContext,
  { turn, deadline, eventData }: Run,
): Promise<{ readonly event: Envelope } | { readonly outcome: Outcome }> {
  try {
    if (turn) await turn();
    if (deadline.passed()) throw new NotBegun();
    const event = isWhole(read) ? read.event : await deadline.race(withData(read, eventData, context.signal));
    return { event };
  } catch (thrown) {
    context.close();
    const error = toError(thrown);
    const final = error instanceof PermanentFailure;
    return { outcome: final ? { kind: 'dead', error, digests: [] } : { kind: 'waiting', error } };
  }
}

/** A handler that throws at once rejects like one that throws later. */
async function callHandler(event: Envelope, context: EventContext, { handler }: Run): Promise<void> {
  // A copy: whatever a handler does to its event, the ids of what it emits follow from the one that was read.
  await handler({ ...event }, context);
}

function outcomeOf(
  { contract, content }: ReadEvent,
  context: EventContext,
  failure: Error | undefined,
): Outcome {
  const { committed, outbox, digests, interruption } = context;
  if (committed) {
    // What is committed cannot be taken back, and the message must not come again: say so and go on.
    if (failure) logAfterCommit(context, contract, failure);
    return { kind: 'done', committed, outbox };
  }
  const cause = interruption ?? failure;
  if (!cause) return { kind: 'done', committed, outbox };
  if (cause instanceof AlreadyDone) return outcomeOfRepetition(content, cause.record);
  if (cause instanceof LeaseLost) return { kind: 'failed', error: cause, recorded: false, digests };
  if (cause instanceof PermanentFailure) return { kind: 'dead', error: cause, digests };
  return { kind: 'failed', error: cause, recorded: true, digests };
}

function logAfterCommit(context: EventContext, { versionedType }: EventContract, failure: Error): void {
  try {
    context.logger.error(
      `the handler of ${versionedType} threw after its commit; the event is done`,
      failure,
    );
  } catch {
    // The event is done: a log line that cannot be written must not undo it.
  }
}
