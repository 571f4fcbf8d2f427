import { identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import { dueAt, type LaterWorld, SKEW_MS } from './later-world.ts';

const SOURCE = '/consumers/planner';
/** An invocation may have read the table of cancellations just before, and stand still before it publishes. */
const UNDER_WAY_MS = 75_000;

/** What must hold when nothing moves any more. Returns what does not, in words. */
export function findLaterViolations(world: LaterWorld): readonly string[] {
  return [
    ...world.services.published.flatMap(({ at, event }) =>
      at < dueAt(event) - SKEW_MS
        ? [`${event.id} was published ${dueAt(event) - at} ms before its time`]
        : [],
    ),
    ...world.plans.flatMap((plan) => planViolations(world, plan)),
    ...Object.entries(world.services.queues).flatMap(([name, { waiting, deadLetters }]) => [
      ...waiting.map(({ body }) => `${body} still waits in the queue ${name}`),
      ...deadLetters.map(({ body }) => `${body} is a dead letter of ${name}`),
    ]),
  ];
}

function planViolations(
  world: LaterWorld,
  { id, what, key }: LaterWorld['plans'][number],
): readonly string[] {
  const committed = world.services.dynamodb.items('effects-planner').get(id);
  if (!committed) return [`${id} was never handled`];
  const known = world.services.cancelled.get(`${SOURCE}|${key}`) ?? [];
  const missing = what === 'emit' || known.length > 0 ? [] : [`the cancellation of ${key} was lost`];
  if (what === 'cancel') return missing;
  const sent = world.services.sent.get(committed.emitted?.S ?? '');
  if (!sent) return [...missing, `the event of ${id} was never sent`];
  const { event } = sent;
  const effects = world.services.effects.get(identityOf(event)) ?? 0;
  const meant = known.filter(({ until }) => Date.parse(event.time ?? '') <= until);
  // One that has renewed its event has cancelled what was before it, and nothing else has cancelled this one.
  if (what === 'renew' || meant.length === 0)
    return effects === 1 ? missing : [...missing, `the event of ${id} took effect ${effects} times`];
  const soonest = Math.min(...meant.map(({ knownAt }) => knownAt));
  const late = world.services.published.filter(
    (one) => identityOf(one.event) === identityOf(event) && one.at > soonest + UNDER_WAY_MS,
  );
  if (late.length > 0)
    return [...missing, `the event of ${id} was published although it was cancelled long before`];
  return effects > 1 ? [...missing, `the cancelled event of ${id} took effect ${effects} times`] : missing;
}
