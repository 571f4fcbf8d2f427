import { isInRange } from './membership.ts';
import { firstFound, found, NONE, type Outcome, unclear } from './outcome.ts';
import type { NumberRange } from './slice.ts';
import { commonStep, times } from './steps.ts';

/** Maximum number of multiples of a step that are tried between two bounds. If the pattern repeats later, the result is unclear. */
const MAX_TRIED = 20_000;

/** Finds a number that is in a range and in none of `others`. */
export function findNumber(range: NumberRange, others: readonly NumberRange[]): Outcome {
  const isFree = (value: number): boolean =>
    isInRange(range, value) && !others.some((other) => isInRange(other, value));
  const bounds = [range, ...others].flatMap(({ min, max }) => [min, max]).filter(Number.isFinite);
  const cuts = [...new Set([0, ...bounds])].toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const ordered = cuts.toSorted((a, b) => a - b);
  const regions = [Number.NEGATIVE_INFINITY, ...ordered].map(
    (low, index) => [low, ordered[index] ?? Number.POSITIVE_INFINITY] as const,
  );
  const step = range.steps.length > 0 ? commonStep(range.steps) : undefined;
  if (range.steps.length > 0 && step === undefined) return unclear('the steps have no common multiple');
  const [small, large] = [
    cuts.filter((cut) => Math.abs(cut) < SMALL),
    cuts.filter((cut) => Math.abs(cut) >= SMALL),
  ];
  const within = (): Outcome =>
    step === undefined
      ? findBetween(regions, isFree)
      : findMultiple(regions, isFree, { step, others: others.flatMap(({ steps }) => steps) });
  return firstFound(lazily([() => firstFree(small, isFree), within, () => firstFree(large, isFree)]));
}

/** Positions between two bounds at which numbers are tried. If one of them is a multiple of a step by chance, another is not. */
const PARTS = [0.5, 0.123456789, 0.718281828459, 0.3141592653589];

/** Bounds above this are hard to read, so numbers between the bounds are tried first. */
const SMALL = 1_000_000;

function firstFree(values: readonly number[], isFree: (value: number) => boolean): Outcome {
  const value = values.find(isFree);
  return value === undefined ? NONE : found(value);
}

function* lazily(searches: readonly (() => Outcome)[]): Iterable<Outcome> {
  for (const search of searches) yield search();
}

type Region = readonly [low: number, high: number];

/** Finds a number without a step. Between two bounds, all numbers that are not a multiple of a step give the same answers. */
function findBetween(regions: readonly Region[], isFree: (value: number) => boolean): Outcome {
  for (const [low, high] of regions.toSorted(byNearness)) {
    const near = [low + 0.5, high - 0.5];
    const parts = PARTS.map((part) => placeBetween(low, high, part));
    const candidates = [...near, ...parts, ...farOut([low, high])];
    const value = candidates.find((one) => one > low && one < high && isFree(one));
    if (value !== undefined) return found(value);
  }
  return NONE;
}

/** Candidates among large numbers, where the distance to the next double is more than 0.5. */
function farOut([low, high]: Region): readonly number[] {
  const ends = [Number.MAX_VALUE, -Number.MAX_VALUE];
  return [low * 2, high * 2, nextTo(low, 1), nextTo(high, -1), ...ends].filter(
    (value) => Number.isFinite(value) && value > low && value < high,
  );
}

/** The next double above (1) or below (-1) a number. */
function nextTo(value: number, direction: 1 | -1): number {
  // This distance is between one and two times the distance to the next double. Half of it is rounded to the next double.
  const distance = Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
  const near = value + (direction * distance) / 2;
  return near === value ? value + direction * distance : near;
}

/** Small numbers first, because they are easier to read. */
function byNearness(a: Region, b: Region): number {
  return Math.min(...a.map(Math.abs)) - Math.min(...b.map(Math.abs));
}

function placeBetween(low: number, high: number, part: number): number {
  if (low === Number.NEGATIVE_INFINITY) return high === Number.POSITIVE_INFINITY ? part : high - part;
  return high === Number.POSITIVE_INFINITY ? low + part : low + (high - low) * part;
}

/** Finds a multiple of a step. Its relation to the other steps repeats after their common multiple. */
function findMultiple(
  regions: readonly Region[],
  isFree: (value: number) => boolean,
  { step, others }: { readonly step: number; readonly others: readonly number[] },
): Outcome {
  const period = commonStep([step, ...others]);
  const perPeriod = period === undefined ? Number.POSITIVE_INFINITY : Math.round(period / step) + 1;
  let isWhole = true;
  for (const [low, high] of regions.toSorted(byNearness)) {
    // It begins at the bound that is nearer to 0, because zod's test for multiples is not exact for large numbers.
    const isBelow = Math.abs(high) < Math.abs(low);
    const start = isBelow ? Math.floor(high / step) : Math.ceil(low / step);
    const inRegion = Math.abs(high - low) / step + 1;
    const wanted = Math.min(perPeriod, inRegion);
    const count = Math.min(wanted, MAX_TRIED);
    for (let index = 0; index < count; index++) {
      const value = times(step, isBelow ? start - index : start + index);
      if (isFree(value)) return found(value);
    }
    // Beyond this, adding a step often gives the same double.
    const isLarge = Math.abs(start) >= Number.MAX_SAFE_INTEGER;
    const far = isLarge ? farOut([low, high]).find(isFree) : undefined;
    if (far !== undefined) return found(far);
    if (wanted > count) isWhole = false;
  }
  return isWhole ? NONE : unclear('the steps (multipleOf) repeat too seldom');
}
