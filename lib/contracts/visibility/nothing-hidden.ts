import type { Problem } from '../problem.ts';

/** Stands in for `findHidden` in the bundles of the functions: the synthesis has defined the same events, and would have failed. */
export function findHidden(): readonly Problem[] {
  return [];
}
