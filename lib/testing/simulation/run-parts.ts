import type { World } from '../world/world.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Timeline } from './timeline.ts';

/** What the parts of a run share. */
export interface RunParts {
  readonly world: World;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly timeline: Timeline;
  /** Whether nothing goes wrong, and one event comes after the other. */
  readonly faultless: boolean;
}
