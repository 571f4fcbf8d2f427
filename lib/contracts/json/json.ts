import { describeProblems, type Problem } from '../text/problem.ts';
import { readCarefully } from './json-text.ts';
import { inspectValue, MAX_JSON_DEPTH } from './json-value.ts';

export { MAX_JSON_DEPTH } from './json-value.ts';

/** Thrown when a text is not JSON that Fanfare accepts, or a value cannot be written as such JSON. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** The problems. When there are very many, only the first ones. */
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problems: readonly [Problem, ...Problem[]], options?: ErrorOptions) {
    super(describeProblems(problems), options);
    this.problems = problems;
  }
}

/**
 * Parses JSON from outside. The result has exactly the values in the text and can be sent on unchanged.
 *
 * @param maxDepth maximum depth of nesting. @default 64
 * @throws JsonError when the text is malformed or nested too deep, or has numbers that JavaScript would change, repeated names, a
 * `__proto__` key, lone surrogates, or characters that SQS refuses. It names all problems that it finds at once.
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

/** V8's error message without the text that it quotes: the message is logged, and the text may be a customer's data. */
function syntaxOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/, (?:\.\.\.)?".*$/s, '') : 'unexpected text';
}

/**
 * The JSON text of a value.
 *
 * @throws JsonError when {@link parseJson} would not read the same value: for a NaN, an undefined in a list, a Map, a bigint, a function,
 * and every value that it refuses
 */
export function toJson(value: object): string {
  refuse(inspectValue(value, MAX_JSON_DEPTH).problems);
  return JSON.stringify(value);
}

function refuse([first, ...rest]: readonly Problem[]): void {
  if (first) throw new JsonError([first, ...rest]);
}

/** Whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
