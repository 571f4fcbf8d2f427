/** Maximum edits per letter of the longer name for a typing mistake. With more edits, it is another word. */
const MAX_EDITS_PER_LETTER = 0.4;

/** Names sorted by how similar they are to the typed one. */
export function byLikeness(typed: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, edits: countEdits(typed, name) }))
    .toSorted((a, b) => a.edits - b.edits)
    .map(({ name }) => name);
}

/** The name that the user most likely meant; undefined when no name is similar. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const [nearest] = byLikeness(typed, names);
  if (nearest === undefined) return undefined;
  return countEdits(typed, nearest) <= MAX_EDITS_PER_LETTER * Math.max(typed.length, nearest.length)
    ? nearest
    : undefined;
}

/** The end of an error message, such as `; there are dev, prod; did you mean prod?`. Empty when there are no names. */
export function suggest(typed: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const nearest = nearestName(typed, names);
  return `; there are ${names.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

/** The Levenshtein distance, ignoring case. Swapping two neighbouring letters counts as one edit. */
export function countEdits(from: string, to: string): number {
  const source = [...from.toLowerCase()];
  const target = [...to.toLowerCase()];
  let before: readonly number[] = [];
  let row: readonly number[] = [0, ...target.map((_, index) => index + 1)];
  for (const [down, letter] of source.entries()) {
    const next = [down + 1];
    for (const [across, other] of target.entries()) {
      const replaced = (row[across] ?? 0) + (letter === other ? 0 : 1);
      const swaps = letter === target[across - 1] && source[down - 1] === other;
      const swapped = swaps ? (before[across - 1] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[across + 1] ?? 0) + 1, (next[across] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
