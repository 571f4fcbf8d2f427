import type { Problem } from '../text/problem.ts';

/** Replaces `findHidden` in the functions' bundles. The check is not needed there, because synth has already run it on the same events. */
export function findHidden(): readonly Problem[] {
  return [];
}
