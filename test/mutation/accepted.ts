import { ACCEPTED_BY_FILE } from './accepted-mutants.ts';
import { keyOf, type MutantKey } from './mutants.ts';

/** What is in the source, what the mutant puts in its place, why it may live; and which of several such places, from 1. */
export type AcceptedMutant = readonly [
  original: string,
  replacement: string,
  reason: string,
  occurrence?: number,
];

/** Every survivor that is known. */
export const ACCEPTED: readonly (MutantKey & { readonly reason: string })[] = Object.entries(
  ACCEPTED_BY_FILE,
).flatMap(([file, mutants]) =>
  mutants.map(([original, replacement, reason, occurrence = 1]) => ({
    file,
    original,
    replacement,
    occurrence,
    reason,
  })),
);

const reasons = new Map(ACCEPTED.map((one) => [keyOf(one), one.reason]));

/** @returns why the mutant may live; undefined when it may not */
export function reasonToLive(mutant: MutantKey): string | undefined {
  return reasons.get(keyOf(mutant));
}
