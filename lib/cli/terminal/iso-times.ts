/**
 * A part of an answer with its times as ISO 8601 text, which needs no telling of units and zones.
 *
 * @param names of the fields that hold epoch milliseconds; absent fields and unknown values (NaN) are left out
 */
export function isoTimes(part: object, ...names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      names.includes(name) && typeof value === 'number' ? isoTime(value) : value,
    ]),
  );
}

function isoTime(at: number): string | undefined {
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}
