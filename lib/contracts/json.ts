import type { Problem } from './problem.ts';
import { jsonPointer } from './problem.ts';

/** Deeper JSON than this is refused: no event needs it, and recursive readers downstream would run out of stack. */
export const MAX_JSON_DEPTH = 64;

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
 * @throws JsonError when it is malformed, nested deeper than {@link MAX_JSON_DEPTH}, or has a `__proto__` key
 * (legal JSON, but a way to change other people's objects when it is copied carelessly).
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
  const problem = findUnsafe(value);
  if (problem) throw new JsonError(problem);
  return value;
}

function findUnsafe(root: unknown): Problem | undefined {
  const pending: { value: unknown; path: readonly string[] }[] = [{ value: root, path: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= MAX_JSON_DEPTH) {
      return {
        pointer: jsonPointer(path.slice(0, 8)),
        detail: `is nested deeper than ${MAX_JSON_DEPTH} levels`,
      };
    }
    for (const [key, child] of Object.entries(value)) {
      const childPath = [...path, key];
      if (key === '__proto__')
        return { pointer: jsonPointer(childPath), detail: 'is a key that is not allowed' };
      pending.push({ value: child, path: childPath });
    }
  }
  return undefined;
}

/** Tells whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
