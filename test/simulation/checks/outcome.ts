import type { History, Run } from '../ledger.ts';
import type { SimulatedMessage } from '../services/simulated-queue.ts';
import { IDEMPOTENCY_DAYS, RETRY, TIMEOUT_MS } from '../stories/app.ts';
import { begins, canSucceed, commits, emissionsOf } from '../stories/script.ts';
import type { World } from '../world.ts';
import { answerId } from './publication.ts';

const LIFE_MS = IDEMPOTENCY_DAYS * 86_400_000;
/** From the first write of a record to its effect, and from a message to its delivery. */
const MARGIN_MS = 3_600_000;
/** An invocation that is as old as this may have had no time to settle; another may take its lease for run out. */
const LATE_MS = TIMEOUT_MS - 5_000;

/** Every event that can be handled is done, once in the life of a record; every other lies in the dead-letter queue. */
export function* outcomeViolations(world: World, history: History): Iterable<string> {
  const { consumer, identity, script, sentAt, runs, effects } = history;
  const interruptions = history.interruptions + history.repeats;
  const name = `${identity} with ${consumer}`;
  const dead = world.consumers[consumer].queue.deadLetters.filter((letter) => letter.identity === identity);
  // Where clocks are off, the first attempts can look like those of an earlier message. A first delivery that settles late,
  // after others of the same message, can begin the count anew.
  const anew = history.repeats > 0 ? RETRY.maxAttempts : 0;
  const extra = Math.min(2, interruptions) + (world.settings.maxSkewMs > 0 ? 3 : 0) + anew;
  const most = sentAt.length * (RETRY.maxAttempts + extra);
  const isRepeated = script.whenDone === 'the same' || !canSucceed(script);
  if (!history.doubled && isRepeated && runs.length > most)
    yield `${name} has begun ${runs.length} times with ${sentAt.length} messages`;
  if (!canSucceed(script)) return yield* hopelessViolations(history, dead, name);
  if (dead.length > 0)
    yield `${name} lies in the dead-letter queue at the end: ${dead[0]?.attributes?.errorName}`;
  const latest = sentAt.at(-1);
  if (latest !== undefined && !isDoneFor(world, history, latest)) yield `${name} is not done`;
  for (const [index, { at }] of effects.entries())
    if (index > 0 && at - (effects[index - 1]?.at ?? 0) < LIFE_MS - MARGIN_MS)
      yield `${name} has had its effect again`;
  if (!commits(script) && effects.length > 0) yield `${name} has had an effect that nobody wanted`;
}

/** Whether the event was done for a message that was sent then: after it, or before it and not forgotten. */
function isDoneFor(world: World, history: History, sent: number): boolean {
  const since = sent - LIFE_MS - MARGIN_MS;
  const returned = history.runs.some(({ ended, endedAt = 0 }) => ended === 'returned' && endedAt > since);
  // A commit of nothing is seen in the record alone.
  const committedNothing = history.script.commit === 'only rejected' && (history.doneAt.at(-1) ?? 0) > since;
  const done = commits(history.script)
    ? history.effects.some(({ at }) => at > since)
    : returned || committedNothing;
  const record = world.dynamodb.items(`records-${history.consumer}`).get(history.identity);
  return done && (record === undefined || /^COM/.test(record.status?.S ?? ''));
}

function* hopelessViolations(
  { effects, script, burials, interruptions, runs }: History,
  dead: readonly SimulatedMessage[],
  name: string,
): Iterable<string> {
  if (!begins(script) && runs.length > 0) yield `${name} is ${script.fate} and a handler has begun with it`;
  if (effects.length > 0) yield `${name} can never succeed and has had ${effects.length} effects`;
  if (dead.length === 0) yield `${name} is ${script.fate} and does not lie in the dead-letter queue`;
  const reason = burials.at(-1)?.reason;
  const expected = REASONS[script.fate];
  if (script.fate === 'doomed' && reason?.errorName === 'ProcessDiedError' && interruptions === 0)
    yield `${name} has thrown every time and died of ${reason.errorName}`;
  const hasDied = reason?.errorName === 'ProcessDiedError' && interruptions > 0;
  // What the handler would throw is not known when its time is over first: it began late, or a culprit had yet to exit.
  const wasLate = reason?.errorName === 'DeadlineExceededError' && runs.some(isOverTime);
  if (reason && expected && reason.errorName !== expected && !hasDied && !wasLate)
    yield `${name} is ${script.fate} and died of ${reason.errorName}`;
}

/** Whether the handler was still running when its time was over, which is a fifth before the invocation's. */
function isOverTime({ invocation, endedAt = Number.POSITIVE_INFINITY }: Run): boolean {
  return endedAt - invocation.startedAt >= 0.8 * TIMEOUT_MS;
}

/** Under which name an event of each fate is given up, if its process has not died. */
const REASONS: Readonly<Partial<Record<string, string>>> = {
  hopeless: 'PermanentError',
  message: 'UnreadableEventError',
  malformed: 'UnreadableEventError',
  refused: 'ReplayRefusedError',
  culprit: 'ProcessDiedError',
  oversized: 'TypeError',
};

/** A second mail is possible only if the process died, stood still or was late between the mail and the settlement. */
export function* mailViolations({ mails, identity, script }: History): Iterable<string> {
  for (const [index, { at, run: again }] of mails.entries()) {
    const before = mails[index - 1];
    if (!before || at - before.at > LIFE_MS - MARGIN_MS) continue;
    const { run } = before;
    const { answeredAfter, froze } = run.invocation;
    const failed = run.ended !== 'returned' || (commits(script) && !run.committed);
    const isExcused =
      failed || froze || again.invocation.froze || answeredAfter === undefined || answeredAfter > LATE_MS;
    if (!isExcused) yield `${identity} was mailed again though its first handler had returned`;
  }
}

/** Every event that a finished handler has emitted is published, at every position. */
export function* emissionViolations(
  world: World,
  { consumer, identity, script, sentAt }: History,
): Iterable<string> {
  if (consumer !== 'first' || !canSucceed(script) || sentAt.length === 0) return;
  for (let position = 0; position < emissionsOf(script); position++) {
    const answer = answerId(identity, position);
    if (!world.topic.published.has(`/consumers/first|${answer}`))
      yield `${identity} is done and its event ${position} was never published`;
  }
}
