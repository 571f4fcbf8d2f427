import type { Node } from './node.ts';
import { found, NONE, type Outcome, unclear } from './outcome.ts';
import type { Search } from './search.ts';
import type { ListPart } from './slice.ts';

/** Maximum length of a list that is made as an example. */
const LONGEST = 10_000;

/** A way in which a list breaks a constraint: the item at `index` is something that `refused` does not accept. */
interface Escape {
  readonly index: number;
  readonly refused: Node;
}

/** Finds a list that keeps all parts of `parts`, and breaks at least one part of each of `others`. */
export function findList(
  solver: Search,
  parts: readonly ListPart[],
  others: readonly (readonly ListPart[])[],
): Outcome {
  // An entry without any part accepts every list.
  if (others.some((other) => other.length === 0)) return NONE;
  const min = Math.max(0, ...parts.map((part) => part.min));
  const max = Math.min(Number.POSITIVE_INFINITY, ...parts.map((part) => part.max));
  let unclearOutcome: Outcome = NONE;
  for (const length of lengthsToTry([...parts, ...others.flat()], { min, max, escapes: others.length })) {
    const outcome =
      length > LONGEST
        ? unclear(`lists of ${length} items`)
        : findOfLength(solver, { length, parts, others });
    if (outcome.status === 'found') return outcome;
    if (outcome.status === 'unclear') unclearOutcome = outcome;
  }
  return unclearOutcome;
}

/** The lengths that make a difference. Between two of them, a longer list only has more items to differ in, and one for each of `others` is enough. */
function lengthsToTry(
  parts: readonly ListPart[],
  { min, max, escapes }: { readonly min: number; readonly max: number; readonly escapes: number },
): readonly number[] {
  const marks = parts.flatMap((part) => [part.min, part.max + 1, part.prefix.length]).filter(Number.isFinite);
  const starts = [min, ...marks.filter((mark) => mark > min)];
  const lengths = starts.flatMap((start) => Array.from({ length: escapes + 1 }, (_, more) => start + more));
  const before = marks.map((mark) => mark - 1);
  return [...new Set([...lengths, ...before])]
    .filter((length) => length >= min && length <= max)
    .toSorted((a, b) => a - b);
}

interface Wanted {
  readonly length: number;
  readonly parts: readonly ListPart[];
  readonly others: readonly (readonly ListPart[])[];
}

function findOfLength(solver: Search, { length, parts, others }: Wanted): Outcome {
  const alive = others.filter((other) => other.every(({ min, max }) => length >= min && length <= max));
  const fixed = Math.max(0, ...[...parts, ...others.flat()].map(({ prefix }) => prefix.length));
  const places = Math.min(length, fixed + Math.max(1, alive.length));
  const wanted = (index: number): readonly Node[] => parts.map(({ prefix, rest }) => prefix[index] ?? rest);
  const refused = Array.from({ length: places }, (): Node[] => []);
  let unclearOutcome: Outcome = NONE;
  const ask = (index: number, refusing: readonly Node[]): Outcome['status'] => {
    const outcome = solver.find(wanted(index), refusing);
    if (outcome.status === 'unclear') unclearOutcome = outcome;
    return outcome.status;
  };
  const items = refused.map((_, index) => ask(index, []));
  if (items.includes('none')) return NONE;
  const escapes = alive.map((other) =>
    refused.flatMap((_, index): readonly Escape[] =>
      other
        .map(({ prefix, rest }) => ({ index, refused: prefix[index] ?? rest }))
        .filter((way) => ask(index, [way.refused]) !== 'none'),
    ),
  );
  // One of `others` accepts every list of this kind, even if other questions are unclear.
  if (escapes.some((ways) => ways.length === 0)) return NONE;
  const search = (next: number): boolean => {
    const ways = escapes[next];
    if (!ways) return true;
    return ways.some(({ index, refused: node }) => {
      const here = refused[index] ?? [];
      here.push(node);
      if (ask(index, here) === 'found' && search(next + 1)) return true;
      here.pop();
      return false;
    });
  };
  if (items.includes('unclear') || !search(0)) return unclearOutcome;
  return found(
    Array.from({ length }, (_, index) => {
      const item = solver.find(wanted(index), refused[index] ?? []);
      return item.status === 'found' ? item.datum : null;
    }),
  );
}
