import { orderViolations } from './checks/order.ts';
import { emissionViolations, mailViolations, outcomeViolations } from './checks/outcome.ts';
import { rateViolations } from './checks/rate.ts';
import type { World } from './world.ts';

/** What must hold at the end of every run, and what must have held all the time. Returns what does not, in words. */
export function findViolations(world: World): readonly string[] {
  const { consumers, turns, ledger } = world;
  if (world.isOver) return ledger.violations;
  const queues = Object.values(consumers);
  return [
    ...ledger.violations,
    ...[...ledger.histories].flatMap((history) => [
      ...outcomeViolations(world, history),
      ...mailViolations(history),
      ...emissionViolations(world, history),
    ]),
    ...queues.flatMap(({ name, queue }) => [
      ...queue.waiting.map(({ identity }) => `${identity} is still on its way to ${name} at the end`),
      ...queue.movedBySqs.map(({ identity }) => `${identity} was given up by SQS, not by ${name}`),
    ]),
    ...turns.turnedAway.map((id) => `${id} did not get its turn while nothing was wrong`),
    ...rateViolations(world),
    ...orderViolations(world),
  ];
}
