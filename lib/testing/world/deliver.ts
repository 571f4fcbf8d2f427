import { type BatchItem, comesAgain } from '../../runtime/batch/batch-item.ts';
import { Invocation, type InvocationProps } from '../process/invocation.ts';
import { invoke } from './invoke.ts';
import type { Message } from './message.ts';
import type { Report, World } from './world.ts';

/**
 * How a delivery of a message ended:
 *
 * - `completed`: its effect has happened now
 * - `duplicate`: its effect had happened before
 * - `retried`: it stays in the queue and comes again
 * - `deadLettered`: it is in the dead-letter queue
 * - `crashed`: the process died with it; it comes again when its visibility timeout is over
 * - `timedOut`: Lambda ended the invocation; it comes again when its visibility timeout is over
 */
export type DeliveryOutcome = 'completed' | 'duplicate' | 'retried' | 'deadLettered' | 'crashed' | 'timedOut';

/** What came of one delivery. */
export interface Delivered {
  readonly outcome: DeliveryOutcome;
  readonly error: Error | undefined;
}

/** SQS's visibility timeout is six times the function's, as the constructs set it. */
const VISIBILITY_FACTOR = 6;

/** Delivers one message in an invocation of its own, and lets time pass until that is over. */
export async function deliver(
  world: World,
  message: Message,
  { disturb, onCall }: Pick<InvocationProps, 'disturb' | 'onCall'>,
): Promise<Delivered> {
  const { scheduler, definition } = world;
  const remainingMs = definition.timeoutSeconds * 1000;
  message.visibleAt = scheduler.now + remainingMs * VISIBILITY_FACTOR;
  const invocation = new Invocation({ name: world.newName('invocation'), scheduler, disturb, onCall });
  const reports: Report[] = [];
  let failed: ReadonlySet<string> | undefined;
  let timedOut = false;
  const timeout = scheduler.after(remainingMs, () => {
    timedOut = true;
    invocation.dead = true;
  });
  const delivery = {
    world,
    invocation,
    messages: [message],
    onReport: (report: Report) => reports.push(report),
  };
  invoke(delivery, remainingMs).then(({ batchItemFailures }) => {
    failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  });
  await scheduler.run(() => failed !== undefined || invocation.dead);
  timeout.cancelled = true;
  if (!failed) return { outcome: timedOut ? 'timedOut' : 'crashed', error: undefined };
  const [report] = reports;
  const returned = failed.has(message.messageId);
  message.deleted = !returned;
  return { outcome: returned ? 'retried' : outcomeOf(report), error: report && errorOf(world, report) };
}

function outcomeOf(report: Report | undefined): DeliveryOutcome {
  const [item] = report?.items ?? [];
  if (!item || item.outcome?.status === 'deadLettered') return 'deadLettered';
  return item.outcome?.status === 'completed' ? 'completed' : 'duplicate';
}

/** What went wrong, if anything did, and the line that the runtime logs of it. */
function errorOf(world: World, { items: [item], unreadable: [message] }: Report): Error | undefined {
  const error = message?.error ?? (item && failureOf(item));
  if (error)
    world.logs.push({
      level: 'error',
      message: message ? 'unreadable message' : item && comesAgain(item) ? 'event failed' : 'event given up',
      error: { name: error.name, message: error.message },
    });
  return error;
}

function failureOf({ outcome }: BatchItem): Error | undefined {
  return outcome && 'error' in outcome ? outcome.error : undefined;
}
