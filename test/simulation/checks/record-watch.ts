import type { History } from '../ledger.ts';
import type { Item } from '../services/dynamodb/expression.ts';
import type { ItemChange } from '../services/dynamodb/simulated-dynamodb.ts';
import { type Invocation, MAX_SKEW_MS } from '../services/invocation.ts';
import type { ConsumerName } from '../stories/app.ts';
import { FORBIDDEN } from '../stories/commit-styles.ts';
import type { World } from '../world.ts';

/** Looks at every write that reaches DynamoDB: effects are noted, records may only change as their owners may. */
export function judgeChange(world: World, change: ItemChange<Invocation>): void {
  if (change.table === 'effects') noteEffect(world, change);
  else if (change.table !== 'totals') judgeRecord(world, change);
  else if (change.after.totalForbidden)
    world.ledger.violate('a commit was executed though its condition does not hold');
}

function judgeRecord(world: World, change: ItemChange<Invocation>): void {
  const name = change.table.replace(/^records-/, '') as ConsumerName;
  const history = world.ledger.history(name, change.key);
  // The slots of a rate limit lie in the same table.
  if (!history) return;
  const wrong =
    whatIsWrong(world, change) ?? (isForgotten(history, change) ? 'is no suspect any more' : undefined);
  if (wrong) world.ledger.violate(`the record of ${change.key} with ${name}: ${wrong}`);
  if (isDone(change.after) && !isSameWork(change)) history.doneAt.push(world.now());
}

/** Whether what a process that died has left was given back like any other event, though no handler has begun with it. */
function isForgotten({ runs }: History, { before, after, by }: ItemChange<Invocation>): boolean {
  if (!before?.alone?.BOOL || before.dead?.BOOL || statusOf(before) !== 'IN_PROGRESS') return false;
  const isGivenBack = statusOf(after) === 'FAILED' && after.failedAt?.N === before.failedAt?.N;
  return isGivenBack && isOwner(by, before) && !runs.some(({ invocation }) => invocation === by);
}

/** Whether what is done now was done before: a record whose time is over is written anew, by another invocation. */
function isSameWork({ before, after }: ItemChange<Invocation>): boolean {
  return before !== undefined && isDone(before) && before.owner?.S === after.owner?.S;
}

function noteEffect({ ledger, now }: World, { key, after }: ItemChange<Invocation>): void {
  if (key.endsWith(FORBIDDEN)) ledger.violate(`${key}: a second commit was executed`);
  const run = ledger.runs[Number(after.run?.N)];
  if (!run) throw new Error(`${key} has an effect of no run`);
  run.committed = true;
  ledger.history(run.consumer, run.identity)?.effects.push({ run: run.number, at: now() });
}

function whatIsWrong({ now }: World, { before, after, by }: ItemChange<Invocation>): string | undefined {
  const status = statusOf(after);
  const outbox = after.outbox?.L?.length ?? 0;
  if (status === 'COMMITTED' ? outbox === 0 : outbox > 0)
    return `is ${status} with ${outbox} events in its outbox`;
  if (!before || Number(before.expiresAt?.N) * 1000 < now() + MAX_SKEW_MS) return undefined;
  const was = statusOf(before);
  if (was === 'COMPLETED') return `was COMPLETED and was written again as ${status}`;
  if (was === 'COMMITTED' && status !== 'COMPLETED') return `was COMMITTED and became ${status}`;
  // Until a person sends it back, only its dead letter is missing.
  if (
    was === 'FAILED' &&
    before.dead?.BOOL &&
    !after.dead?.BOOL &&
    !isDone(after) &&
    after.attempts?.N !== '1'
  )
    return `was given up and is tried again as ${status}`;
  if (was !== 'IN_PROGRESS' || isOwner(by, before)) return undefined;
  const leaseIsOver = Number(before.leaseUntil?.N) < now() + MAX_SKEW_MS;
  if (!leaseIsOver) return `was written as ${status} under the lease of another`;
  return isOwner(by, after) || status === 'FAILED'
    ? undefined
    : `became ${status} by one that does not own it`;
}

function isOwner({ name }: Invocation, { owner }: Item): boolean {
  return owner?.S?.startsWith(`${name}-`) ?? false;
}

function isDone(item: Item): boolean {
  return /^COM/.test(item.status?.S ?? '');
}

function statusOf({ status }: Item): string {
  return status?.S?.split(' ', 1)[0] ?? 'without a status';
}
