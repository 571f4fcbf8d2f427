import { isJsonObject } from './json.ts';

/**
 * The canonical text of a JSON value, for comparing and hashing: without blanks, and with the members of objects in a fixed order. Names
 * that are integers come first, as JavaScript orders them. This differs from RFC 8785.
 *
 * @param value a value that parseJson has accepted
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** The value with sorted members. A value that is already sorted, the usual case, is returned itself. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return isMoved(value) ? value.map(sorted) : value;
  if (!isJsonObject(value) || !isMoved(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** Whether an object at any depth has members that are not in the order of their names. */
function isMoved(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isMoved);
  let before = '';
  for (const [name, member] of Object.entries(value)) {
    if (name < before || isMoved(member)) return true;
    before = name;
  }
  return false;
}
