import { isJsonObject } from './json.ts';

/**
 * One text for all ways to write the same JSON value: without blanks, with the members of objects in one order. It is for comparing and
 * hashing: names that are whole numbers come first, as JavaScript has them, and not where RFC 8785 would have them.
 *
 * @param value that parseJson has let through
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** The value itself where nothing has to be moved, which is what most publishers send each time. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return isMoved(value) ? value.map(sorted) : value;
  if (!isJsonObject(value) || !isMoved(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** Whether the members of an object, here or deeper, are not in the order of their names. */
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
