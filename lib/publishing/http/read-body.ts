import { JsonError, MAX_JSON_DEPTH, parseJson } from '../../contracts/json/json.ts';
import { describeProblems, type Problem } from '../../contracts/text/problem.ts';
import { type EventProblem, RequestError } from './problem-response.ts';
import type { PublishRequest } from './request.ts';

/** A text decoder writes this character for bytes that are not UTF-8. */
const REPLACEMENT_CHARACTER = '\uFFFD';
/** `/3/data/orderId` in a batch is `/data/orderId` of event 3. */
const IN_BATCH = /^\/(\d+)(.*)$/s;

/** Where the events are in a body. */
export interface Layout {
  /** How deep the body may be nested. It differs by mode, so that an event has the same limit in every mode. */
  readonly maxDepth: number;
  /** Converts a problem of the body into a problem of one event; undefined when it does not belong to one event. */
  locate(problem: Problem): EventProblem | undefined;
}

/** Structured mode: the body is one event. */
export const ONE_EVENT: Layout = {
  maxDepth: MAX_JSON_DEPTH,
  locate: (problem) => ({ index: 0, ...problem }),
};

/** Batched mode: the body is a list of events. */
export const BATCH: Layout = {
  maxDepth: MAX_JSON_DEPTH + 1,
  locate: ({ pointer, detail }) => {
    const [, index, rest = ''] = IN_BATCH.exec(pointer) ?? [];
    return index === undefined ? undefined : { index: Number(index), pointer: rest, detail };
  },
};

/** Binary mode: the body is the data of the event. */
export const DATA_ALONE: Layout = {
  maxDepth: MAX_JSON_DEPTH - 1,
  locate: ({ pointer, detail }) => ({ index: 0, pointer: `/data${pointer}`, detail }),
};

/** The body of a request as text. @throws RequestError when it has more than `maxBytes` bytes, or is not UTF-8 */
export function readBody({ body = '', isBase64Encoded }: PublishRequest, maxBytes: number): string {
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body);
  if (bytes.length > maxBytes) {
    throw new RequestError(
      'tooLarge',
      `the request has ${bytes.length} bytes; at most ${maxBytes} are allowed`,
    );
  }
  const text = isBase64Encoded ? decode(bytes) : body;
  if (text === undefined) throw new RequestError('malformed', 'the body is not UTF-8');
  if (!isBase64Encoded && text.includes(REPLACEMENT_CHARACTER)) {
    // API Gateway has decoded such a body itself, and it does not report which bytes it has replaced.
    throw new RequestError(
      'malformed',
      'the body is not UTF-8, or it has the character U+FFFD, which replaces bytes that are not UTF-8; if you want to send this character, write it as \\ufffd',
    );
  }
  return text;
}

/** Decodes UTF-8. Undefined when the bytes are not UTF-8: a decoder that replaces them would change the event. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The caller refuses the request.
    return undefined;
  }
}

/** The JSON value of a body. @throws RequestError with the places where it is not JSON, or not JSON that can be sent on unchanged */
export function readJson(body: string, { maxDepth, locate }: Layout): unknown {
  try {
    return parseJson(body, maxDepth);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const errors = error.problems.flatMap((problem) => locate(problem) ?? []);
    const [first] = error.problems;
    const where = first.pointer ? 'at ' : '';
    throw new RequestError('malformed', `the body ${where}${describeProblems([first])}`, {
      errors,
      total: errors.length,
    });
  }
}
