import type { Failure } from '../simulate.ts';
import { OutageWorld } from './outage-world.ts';

/** Probes of two hours, and what the pollers still receive in the minute in which Lambda stops them. */
const MAX_CALLS_WHILE_DOWN = 800;

/** Of an outage that does not look like one. */
const MAX_DEAD = 40;

/** Runs one seed of an outage of two hours, or of an afternoon without one. */
export async function simulate(seed: number): Promise<Failure | undefined> {
  const world = new OutageWorld(seed);
  await world.run();
  const violations = [...violationsOf(world)];
  return violations.length > 0 ? { seed, violations } : undefined;
}

function* violationsOf(world: OutageWorld): Iterable<string> {
  const { queue, control, mapping, state, sent, paid, settings, callsWhileDown, trips } = world;
  const known = new Set(paid);
  const numbers = Array.from({ length: sent }, (_, n) => n);
  // Of errors of the handler's own, the first events may have used up their attempts before so many different ones have failed.
  for (const { identity, attributes } of queue.deadLetters)
    if (settings.outage !== 'alike' && !world.isPoison(Number(identity.slice('/sim|e-'.length))))
      yield `${identity} has died: ${attributes?.errorName} ${attributes?.errorMessage}`;
  const dead = new Set(queue.deadLetters.map(({ identity }) => Number(identity.slice('/sim|e-'.length))));
  const lost = numbers.filter((n) => !known.has(n) && !dead.has(n));
  if (lost.length > 0) yield `not paid and not dead: ${lost.slice(0, 5)} of ${sent}`;
  for (const n of numbers) if (world.isPoison(n) && !dead.has(n)) yield `the poison event ${n} is not dead`;
  if (state !== undefined && state.intake !== 'flowing') yield `the intake is ${state.intake} at the end`;
  if (!mapping.on) yield 'the queue is not polled at the end';
  if (control.waiting.length > 0) yield 'the control queue is not empty at the end';
  const { maxAttempts } = world.definition.retry;
  // A crash may cost an attempt; what opens the breaker, and what it then lets wait, costs none.
  if (settings.death === 0 && world.highestAttempt > maxAttempts)
    yield `an event had ${world.highestAttempt} attempts of ${maxAttempts}`;
  if (callsWhileDown > MAX_CALLS_WHILE_DOWN)
    yield `the bank was called ${callsWhileDown} times while it was down`;
  if (
    settings.outage === 'none' &&
    settings.death === 0 &&
    trips > 0 &&
    settings.everyMs <= 30_000 &&
    settings.groups > 1
  )
    yield `the breaker has opened ${trips} times without an outage`;
  if (queue.movedBySqs.length > 0) yield `SQS has given up ${queue.movedBySqs.length} events`;
  if (queue.deadLetters.length > MAX_DEAD) yield `${queue.deadLetters.length} events have died`;
  if (settings.fifo) yield* orderViolations(paid, settings.groups);
}

/** The first payments of a message group are in the order of its events. */
function* orderViolations(paid: readonly number[], groups: number): Iterable<string> {
  const last = new Map<number, number>();
  for (const n of new Set(paid)) {
    const group = n % groups;
    if (n < (last.get(group) ?? 0)) yield `event ${n} was paid after ${last.get(group)} of its group`;
    last.set(group, n);
  }
}
