import type { EventContract } from '../../lib/contracts/define-event.ts';
import type { EventVersion } from '../../lib/contracts/event-version.ts';

/**
 * The version of an event that a person means: `shop.OrderPlaced` is the newest, `shop.OrderPlaced.v1` the first.
 *
 * @throws RangeError that lists what is known, the most similar names first
 */
export function findVersion(contracts: readonly EventContract[], name: string): EventVersion {
  const newest = contracts.find(({ type }) => type === name);
  const versions = contracts.flatMap((contract) => contract.versions);
  const found = newest ?? versions.find(({ versionedType }) => versionedType === name);
  if (found) return found;
  const known = versions
    .map(({ versionedType }) => ({ versionedType, edits: countEdits(name, versionedType) }))
    .toSorted((a, b) => a.edits - b.edits)
    .map(({ versionedType }) => versionedType);
  throw new RangeError(`there is no event '${name}'; known are ${known.join(', ')}`);
}

/** Levenshtein's distance, whatever the case. */
function countEdits(from: string, to: string): number {
  const target = [...to.toLowerCase()];
  let row = [0, ...target.map((_, index) => index + 1)];
  for (const letter of from.toLowerCase()) {
    const next = [(row[0] ?? 0) + 1];
    for (const [index, other] of target.entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
