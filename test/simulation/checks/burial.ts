import type { Burial, History } from '../ledger.ts';
import type { Invocation } from '../services/invocation.ts';
import type { SimulatedMessage } from '../services/simulated-queue.ts';
import type { Batch } from '../simulated-consumer.ts';
import { RETRY } from '../stories/app.ts';
import { canSucceed } from '../stories/script.ts';
import type { World } from '../world.ts';
import { isInterrupted } from './answer.ts';

/** Names of reasons that are final at the first attempt. */
const AT_ONCE = new Set(['PermanentError', 'UnreadableEventError', 'ReplayRefusedError']);

/** Looks at every dead letter that a consumer sends. */
export function judgeBurial(
  { world, consumer, invocation, buried }: Batch,
  message: SimulatedMessage,
  reason: Readonly<Record<string, string>>,
): void {
  buried.add(message);
  const history = world.ledger.history(consumer.name, message.identity);
  if (!history) throw new Error(`${message.identity} was buried and never sent`);
  const burial: Burial = {
    at: world.now(),
    messageId: message.messageId,
    reason,
    runs: history.runs.length,
    interruptions: history.interruptions + history.repeats,
    killers: history.killers.length,
  };
  const open = openBesides(world, invocation, message);
  const lossesPerCulprit = consumer.definition.effects === 'commit' ? 2 : 1;
  for (const wrong of problems(history, burial, { invocation, open, lossesPerCulprit }))
    world.ledger.violate(`${consumer.name} has buried ${message.identity}: ${wrong} (${reason.errorName})`);
  history.burials.push(burial);
}

/** Invocations that have the message in their hands and stand still, or have died: nobody has written them down yet. */
function openBesides(world: World, invocation: Invocation, message: SimulatedMessage): number {
  const others = [...world.openBatches].filter(
    (other) => other.invocation !== invocation && isInterrupted(other.invocation),
  );
  return others.filter(({ receipts }) => receipts.some((receipt) => receipt.message === message)).length;
}

function* problems(
  history: History,
  burial: Burial,
  {
    invocation,
    open,
    lossesPerCulprit,
  }: { readonly invocation: Invocation; readonly open: number; readonly lossesPerCulprit: number },
): Iterable<string> {
  const { reason } = burial;
  if (!reason.errorName || !reason.errorMessage) yield 'it says no reason';
  // The record was asked after the handler had ended; what was done before, the runtime has to know.
  const own = history.runs.findLast((run) => run.invocation === invocation);
  const decidedAt = own?.endedAt ?? invocation.startedAt;
  const doneAt = history.doneAt.at(-1);
  if (doneAt !== undefined && burial.at - doneAt < LIFE_MS && doneAt < decidedAt) yield 'the event is done';
  if (AT_ONCE.has(reason.errorName ?? '') || history.doubled) return;
  const since = sinceLastBurial(history, burial);
  if (since.runs + since.interruptions + open < RETRY.maxAttempts) yield `it has had ${since.runs} attempts`;
  if (!canSucceed(history.script) || since.killers.length === 0) return;
  // A culprit may cost its neighbours one attempt: then it is known, and runs alone. A first delivery that is not claimed leaves no trace.
  const ownFaults = since.faults + since.interruptions - since.killers.length;
  const culprits = new Set(since.killers).size;
  if (ownFaults === 0 || ownFaults + culprits * lossesPerCulprit < RETRY.maxAttempts)
    yield `it is innocent, and ${culprits} others have ended its process ${since.killers.length} times`;
}

/** Records live for 28 days. */
const LIFE_MS = 27.9 * 86_400_000;

/** Counts what has been since another message with the event was buried: one that comes back is buried again. */
function sinceLastBurial(history: History, { messageId, interruptions, killers }: Burial) {
  const last = history.burials.findLast((burial) => burial.messageId !== messageId);
  const runs = history.runs.slice(last?.runs ?? 0);
  return {
    runs: runs.length,
    interruptions: interruptions - (last?.interruptions ?? 0),
    killers: history.killers.slice(last?.killers ?? 0, killers),
    faults: runs.filter((run) => run.ended === 'threw' || run.invocation.exitedBy === undefined).length,
  };
}
