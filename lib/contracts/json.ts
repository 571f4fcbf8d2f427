import type { Problem } from './problem.ts';
import { jsonPointer } from './problem.ts';

/** Deeper JSON than this is refused: no event needs it, and recursive readers downstream would run out of stack. */
export const MAX_JSON_DEPTH = 64;
/** How much of the way to what is nested too deep is said. */
const SHOWN_DEPTH = 8;

/** Thrown when a text is not JSON that Fanfare takes. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
  }
}

/**
 * Parses JSON that came from outside.
 *
 * @throws JsonError when it is malformed, nested deeper than {@link MAX_JSON_DEPTH}, has a `__proto__` key (legal
 * JSON, but a way to change other people's objects when it is copied carelessly), or a number too large for JavaScript
 * (it would be sent on as null)
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JsonError(
      { pointer: '', detail: `is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}` },
      { cause },
    );
  }
  checkSafe(value, []);
  return value;
}

/** Recursive, but no deeper than is allowed; and it keeps nothing but the path that it is on, however wide the value. */
function checkSafe(value: unknown, path: PropertyKey[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new JsonError({ pointer: jsonPointer(path), detail: 'is a number that is too large' });
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_JSON_DEPTH) {
    throw new JsonError({
      pointer: jsonPointer(path.slice(0, SHOWN_DEPTH)),
      detail: `is nested deeper than ${MAX_JSON_DEPTH} levels`,
    });
  }
  const children = Array.isArray(value) ? value.entries() : ownEntries(value);
  for (const [key, child] of children) {
    path.push(key);
    if (key === '__proto__') {
      throw new JsonError({ pointer: jsonPointer(path), detail: 'is a key that is not allowed' });
    }
    checkSafe(child, path);
    path.pop();
  }
}

/** As Object.entries, but without a list of them all. What was parsed from JSON inherits nothing enumerable. */
function* ownEntries(value: object): Iterable<[string, unknown]> {
  for (const key in value) {
    // JSON objects are records; the key has just come from this one.
    yield [key, (value as Record<string, unknown>)[key]];
  }
}

/** Tells whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
