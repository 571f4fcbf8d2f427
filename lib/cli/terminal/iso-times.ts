/**
 * A part of an answer with its times as ISO 8601 text, which needs no telling of units and zones.
 *
 * @param names of the fields that hold epoch milliseconds; absent fields and values that are no time are left out
 */
export function isoTimes(part: object, ...names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      names.includes(name) && typeof value === 'number' ? isoTime(value) : value,
    ]),
  );
}

/** @param at epoch milliseconds @returns undefined when it is no time, such as NaN or a number of microseconds */
export function isoTime(at: number | undefined): string | undefined {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
