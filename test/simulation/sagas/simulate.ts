import type { Failure } from '../simulate.ts';
import { endViolations } from './checks.ts';
import { SagaWorld } from './world.ts';

/** Runs one seed: 50 orders, each led by its saga. The same seed always tells the same story. */
export async function simulate(seed: number): Promise<Failure | undefined> {
  const world = new SagaWorld(seed);
  await world.run();
  if (world.violations.length === 0) world.violations.push(...endViolations(world));
  return world.violations.length > 0 ? { seed, violations: world.violations } : undefined;
}
