import type { ConsumerSetup } from './batch.ts';
import { EventContext } from './context.ts';
import type { Deadline } from './deadline.ts';
import { differingPositions } from './emitted-digest.ts';
import { toError } from './error-reason.ts';
import { handle } from './handle.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job, Outcome } from './job.ts';
import type { Turn } from './rate-limit.ts';

/** What the events of a batch are run with. */
export interface BatchRun {
  readonly tenancy: Tenancy;
  readonly deadline: Deadline;
  /** Given when the consumer has a rate limit. */
  readonly turn: Turn | undefined;
}

/** Runs the handler of one event and sets how it ended. Never throws: whatever goes wrong is this event's failure. */
export async function runJob(setup: ConsumerSetup, run: BatchRun, job: Job): Promise<void> {
  try {
    job.outcome = exhaust(setup, job, await callHandler(setup, run, job));
  } catch (error) {
    // A fault of ours, such as a handler that is missing: it is this event's, and no attempt.
    job.outcome = { kind: 'waiting', error: toError(error) };
  }
}

async function callHandler(setup: ConsumerSetup, { tenancy, ...run }: BatchRun, job: Job): Promise<Outcome> {
  const { definition, handlers, ports, tables, telemetry } = setup;
  const handler = handlers.get(job.contract.type);
  if (!handler) throw new TypeError(`${definition.name} has no handler for ${job.contract.type}`);
  const context = new EventContext({
    definition,
    ports,
    tenancy,
    job,
    tables,
    deadline: run.deadline,
    createLogger: () => telemetry.loggerFor(job.event),
  });
  const outcome = await handle(job, context, { handler, eventData: ports.eventData, ...run });
  const positions = differingPositions(job.earlier?.emitted ?? [], context.digests);
  if (positions.length > 0) warnOfChange(setup, job, positions);
  return outcome;
}

function warnOfChange({ telemetry }: ConsumerSetup, { event }: Job, positions: readonly number[]): void {
  const message = 'a repeated attempt emits other data under the same ids; what is published first counts';
  try {
    telemetry.loggerFor(event).warn(message, { positions: positions.join(', ') });
  } catch {
    // The handler has run: a line that cannot be written must not have it run again.
  }
}

/** A failure of the last attempt is final. */
function exhaust({ definition }: ConsumerSetup, { attempt }: Job, outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed' || !outcome.recorded) return outcome;
  if (attempt < definition.retry.maxAttempts) return outcome;
  return { kind: 'dead', error: outcome.error, digests: outcome.digests };
}
