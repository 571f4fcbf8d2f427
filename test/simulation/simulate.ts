import { findViolations } from './check.ts';
import { findLaterViolations } from './later/check-later.ts';
import { LaterWorld } from './later/later-world.ts';
import { World } from './world.ts';

/** What a seed has shown to be wrong. */
export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
}

/** Runs one seed. The same seed always tells the same story. */
export async function simulate(seed: number): Promise<Failure | undefined> {
  const world = new World(seed);
  await world.run();
  const later = new LaterWorld(seed);
  await later.run();
  const violations = [...findViolations(world), ...findLaterViolations(later)];
  return violations.length > 0 ? { seed, violations } : undefined;
}
