import { keyOf, type MutantKey } from './mutants.ts';

/** A mutant that may live, and why. */
export interface Accepted extends MutantKey {
  readonly reason: string;
}

/** @param occurrence from 1, of those with the same original and replacement in the file */
function accept(
  file: string,
  reason: string,
  original: string,
  replacement: string,
  occurrence = 1,
): Accepted {
  return { file, reason, original, replacement, occurrence };
}

/** Every survivor that is known, with the reason why no test has to notice it. */
export const ACCEPTED: readonly Accepted[] = [];

const byKey = new Map(ACCEPTED.map((one) => [keyOf(one), one]));

/** @returns why the mutant may live; undefined when it may not */
export function reasonToLive(mutant: MutantKey): string | undefined {
  return byKey.get(keyOf(mutant))?.reason;
}
