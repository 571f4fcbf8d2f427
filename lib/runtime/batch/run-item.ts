import { toError } from '../../contracts/text/error-reason.ts';
import { exhaust } from '../breaker/gate.ts';
import { EventContext } from '../handling/context.ts';
import { differingPositions } from '../handling/emitted-digest.ts';
import { type Handle, handle } from '../handling/handle.ts';
import type { BatchItem, Outcome } from './batch-item.ts';
import type { BatchRun } from './batch-run.ts';
import type { ConsumerSetup } from './consumer-setup.ts';

/** Runs the handler of one event and sets its outcome. Never throws: every error is this event's failure. */
export async function runItem(setup: ConsumerSetup, run: BatchRun, item: BatchItem): Promise<void> {
  item.startedAt = setup.ports.clock.now();
  try {
    const stopped = run.stop?.();
    if (stopped) {
      item.outcome = { status: 'released', error: stopped };
      return;
    }
    item.outcome = judge(setup, item, await callHandler(setup, run, item));
  } catch (error) {
    // An error of the runtime itself, such as a missing handler. The event is released, and no attempt is counted.
    item.outcome = { status: 'released', error: toError(error) };
  }
  item.endedAt = setup.ports.clock.now();
}

async function callHandler(
  setup: ConsumerSetup,
  { leaseContext, ...run }: BatchRun,
  item: BatchItem,
): Promise<Outcome> {
  const { definition, handlers, ports, tables, telemetry } = setup;
  const handler = handlers.get(item.contract.type);
  if (!handler) throw new TypeError(`${definition.name} has no handler for ${item.contract.type}`);
  const context = new EventContext({
    definition,
    ports,
    leaseContext,
    item,
    tables,
    deadline: run.deadline,
    createLogger: () => telemetry.loggerFor(item.event),
  });
  const begin: Handle = (event, handlerContext) => {
    // Now it is this invocation's, whatever becomes of it, and not what a process that died has left.
    item.suspect = undefined;
    return handler(event, handlerContext);
  };
  const outcome = await handle(item, context, { handler: begin, eventData: ports.eventData, ...run });
  const positions = differingPositions(item.earlier?.emitted ?? [], context.digests);
  if (positions.length > 0) warnOfChange(setup, item, positions);
  return outcome;
}

function warnOfChange(
  { telemetry }: ConsumerSetup,
  { event }: BatchItem,
  positions: readonly number[],
): void {
  const message =
    'a repeated attempt emits other data under the same ids; consumers use what is published first';
  try {
    telemetry.loggerFor(event).warn(message, { positions: positions.join(', ') });
  } catch {
    // The handler has run. A failure to log must not make it run again.
  }
}

/** What the attempts that are left, and the breaker, make of an outcome. */
function judge({ definition, gate }: ConsumerSetup, item: BatchItem, outcome: Outcome): Outcome {
  return gate ? gate.judge(item, outcome) : exhaust(definition.retry.maxAttempts, item, outcome);
}
