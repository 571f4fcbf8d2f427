import type { Node } from './node.ts';
import { found, NONE, type Outcome, unclear } from './outcome.ts';
import type { ListPart } from './slice.ts';
import type { Solver } from './solver.ts';

/** Longer lists are not made to show anything. */
const LONGEST = 10_000;

/** A way in which a list is not as another part wants it. */
interface Escape {
  readonly index: number;
  readonly refused: Node;
}

/** Finds a list that keeps all of the parts, and for each of the others not all of its parts. */
export function findList(
  solver: Solver,
  parts: readonly ListPart[],
  others: readonly (readonly ListPart[])[],
): Outcome {
  // What a part without any constraint takes is every list.
  if (others.some((other) => other.length === 0)) return NONE;
  const min = Math.max(0, ...parts.map((part) => part.min));
  const max = Math.min(Number.POSITIVE_INFINITY, ...parts.map((part) => part.max));
  let doubt: Outcome = NONE;
  for (const length of lengthsToTry([...parts, ...others.flat()], { min, max, escapes: others.length })) {
    const outcome =
      length > LONGEST
        ? unclear(`lists of ${length} items`)
        : findOfLength(solver, { length, parts, others });
    if (outcome.status === 'found') return outcome;
    if (outcome.status === 'unclear') doubt = outcome;
  }
  return doubt;
}

/** Between two lengths that matter, a longer list only has more places to differ in: one for each of the others is enough. */
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

function findOfLength(solver: Solver, { length, parts, others }: Wanted): Outcome {
  const alive = others.filter((other) => other.every(({ min, max }) => length >= min && length <= max));
  const fixed = Math.max(0, ...[...parts, ...others.flat()].map(({ prefix }) => prefix.length));
  const places = Math.min(length, fixed + Math.max(1, alive.length));
  const wanted = (index: number): readonly Node[] => parts.map(({ prefix, rest }) => prefix[index] ?? rest);
  const refused = Array.from({ length: places }, (): Node[] => []);
  let doubt: Outcome = NONE;
  const ask = (index: number, refusing: readonly Node[]): Outcome['status'] => {
    const outcome = solver.find(wanted(index), refusing);
    if (outcome.status === 'unclear') doubt = outcome;
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
  // It takes every list of this kind, whatever may be unclear about the rest.
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
  if (items.includes('unclear') || !search(0)) return doubt;
  return found(
    Array.from({ length }, (_, index) => {
      const item = solver.find(wanted(index), refused[index] ?? []);
      return item.status === 'found' ? item.datum : null;
    }),
  );
}
