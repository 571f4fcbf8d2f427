import type { History } from '../ledger.ts';
import type { Invocation } from '../services/invocation.ts';
import type { SimulatedMessage } from '../services/simulated-queue.ts';
import type { Batch } from '../simulated-consumer.ts';
import { TIMEOUT_MS } from '../stories/app.ts';
import { begins } from '../stories/script.ts';

/** Whoever has answered so late may have had no time to settle. */
const LATE_MS = TIMEOUT_MS - 3_000;

/** Looks at what an invocation answers: what it acknowledges is over, what it gives back comes again in time. */
export function judgeAnswer(batch: Batch, failed: ReadonlySet<string>): void {
  const { world, consumer, receipts, invocation, buried, scheduled } = batch;
  for (const { message } of receipts) {
    const history = world.ledger.history(consumer.name, message.identity);
    if (!history) continue;
    if (failed.has(message.messageId)) {
      if (
        begins(history.script) &&
        !scheduled.has(message) &&
        invocation.age < LATE_MS &&
        !buried.has(message)
      )
        world.ledger.violate(`${consumer.name}: nobody has said when ${message.identity} comes again`);
    } else if (!buried.has(message) && !isOver(batch, history, message)) {
      world.ledger.violate(`${consumer.name} has acknowledged ${message.identity}, which is not over`);
    }
  }
}

/** Ends an invocation, and writes down what it has left behind. */
export function closeBatch(batch: Batch): void {
  const { world, consumer, receipts, invocation } = batch;
  const { answeredAfter, dead, exitedBy, froze, waited } = invocation;
  if (answeredAfter === undefined && !dead && !froze && !waited)
    world.ledger.violate(`${consumer.name}: an invocation has not answered in time, and nothing kept it`);
  invocation.dead = true;
  world.openBatches.delete(batch);
  const records = world.dynamodb.items(`records-${consumer.name}`);
  const killer = receipts.find(({ message }) => message.identity === exitedBy)?.message.messageId;
  for (const { message } of receipts) {
    const history = world.ledger.history(consumer.name, message.identity);
    const record = records.get(message.identity);
    const isLeftBehind =
      record?.status?.S === 'IN_PROGRESS' && record.owner?.S?.startsWith(`${invocation.name}-`);
    if (!history || !(isInterrupted(invocation) || isLeftBehind)) continue;
    history.interruptions += 1;
    if (killer !== undefined) history.killers.push(killer);
  }
}

/** Whether an invocation has not come to its end, or so late that it may have left something undone. */
export function isInterrupted({ answeredAfter, froze }: Invocation): boolean {
  return answeredAfter === undefined || answeredAfter > LATE_MS || froze;
}

/** Whether a message may be acknowledged: its event is done, with all its events published. */
function isOver({ world, consumer }: Batch, history: History, message: SimulatedMessage): boolean {
  if (!world.isDone(history)) return false;
  const record = world.dynamodb.items(`records-${consumer.name}`).get(message.identity);
  return (record?.outbox?.L ?? []).every(({ S = '{}' }) => {
    const { source, id } = JSON.parse(S);
    return world.topic.published.has(`${source}|${id}`);
  });
}
