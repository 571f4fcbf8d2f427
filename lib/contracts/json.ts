import { readCarefully } from './json-text.ts';
import { inspectValue, MAX_JSON_DEPTH } from './json-value.ts';
import { describeProblems, type Problem } from './problem.ts';

export { MAX_JSON_DEPTH } from './json-value.ts';

/** Thrown when a text is not JSON that Fanfare takes, or a value cannot be written as such. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** Of very many only the first. */
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problems: readonly [Problem, ...Problem[]], options?: ErrorOptions) {
    super(describeProblems(problems), options);
    this.problems = problems;
  }
}

/**
 * Parses JSON that came from outside. What comes out is what was written, and can be sent on unchanged.
 *
 * @param maxDepth how deep it may be nested
 * @throws JsonError when it is malformed or nested too deep, when it has numbers that JavaScript would alter, members of the same
 * name, a `__proto__` key, halves of surrogate pairs, or characters that SQS refuses. It names all of them that it finds at once.
 */
export function parseJson(text: string, maxDepth = MAX_JSON_DEPTH): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JsonError([{ pointer: '', detail: `is not valid JSON: ${syntaxOf(cause)}` }]);
  }
  const { problems, members } = inspectValue(value, maxDepth);
  refuse(problems);
  const reading = readCarefully(text, members);
  if (!reading) return value;
  refuse([...reading.problems, ...inspectValue(reading.value, maxDepth).problems]);
  return reading.value;
}

/** What V8 says of a text, without the piece of it that it quotes: that may be a customer's data, and is logged. */
function syntaxOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/, (?:\.\.\.)?".*$/s, '') : 'unexpected text';
}

/**
 * The JSON text of a value.
 *
 * @throws JsonError when {@link parseJson} would not read the same again: for a NaN, an undefined in a list, a Map, a bigint, a
 * function, and whatever it refuses
 */
export function toJson(value: object): string {
  refuse(inspectValue(value, MAX_JSON_DEPTH).problems);
  return JSON.stringify(value);
}

function refuse([first, ...rest]: readonly Problem[]): void {
  if (first) throw new JsonError([first, ...rest]);
}

/** Tells whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
