import { JsonError, MAX_JSON_DEPTH, parseJson } from '../../lib/contracts/json.ts';
import { describeProblems, type Problem } from '../../lib/contracts/problem.ts';
import { type EventProblem, RequestProblem } from './problem-response.ts';
import type { PublishRequest } from './read-request.ts';

/** What a text decoder puts in the place of bytes that are no UTF-8. */
const REPLACEMENT_CHARACTER = '\uFFFD';
/** `/3/data/orderId` in a batch is `/data/orderId` of event 3. */
const IN_BATCH = /^\/(\d+)(.*)$/s;

/** Where the events of a body are. */
export interface Layout {
  /** How deep the body may be nested, so that no event is nested deeper in one mode than in another. */
  readonly maxDepth: number;
  /** The problem of an event that a problem of the body is; undefined when it is none of a single event. */
  locate(problem: Problem): EventProblem | undefined;
}

/** The body is one event. */
export const ONE_EVENT: Layout = {
  maxDepth: MAX_JSON_DEPTH,
  locate: (problem) => ({ index: 0, ...problem }),
};

/** The body is a list of events. */
export const BATCH: Layout = {
  maxDepth: MAX_JSON_DEPTH + 1,
  locate: ({ pointer, detail }) => {
    const [, index, rest = ''] = IN_BATCH.exec(pointer) ?? [];
    return index === undefined ? undefined : { index: Number(index), pointer: rest, detail };
  },
};

/** The body is the data of the one event of the request. */
export const DATA_ALONE: Layout = {
  maxDepth: MAX_JSON_DEPTH - 1,
  locate: ({ pointer, detail }) => ({ index: 0, pointer: `/data${pointer}`, detail }),
};

/** The text of a request of so many bytes at most. @throws RequestProblem when it is too long or not UTF-8 */
export function readBody({ body = '', isBase64Encoded }: PublishRequest, maxBytes: number): string {
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body);
  if (bytes.length > maxBytes) {
    throw new RequestProblem(
      'tooLarge',
      `the request has ${bytes.length} bytes; at most ${maxBytes} are taken`,
    );
  }
  const text = isBase64Encoded ? decode(bytes) : body;
  if (text === undefined) throw new RequestProblem('malformed', 'the body is not UTF-8');
  if (!isBase64Encoded && text.includes(REPLACEMENT_CHARACTER)) {
    // API Gateway decodes such a body itself, and does not say what it has replaced.
    throw new RequestProblem(
      'malformed',
      'the body is not UTF-8, or has the character U+FFFD, which stands for what is not; write it as \\ufffd if it is meant',
    );
  }
  return text;
}

/** Undefined for what is not UTF-8: decoding on would publish something that nobody sent. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The caller tells whoever has sent it.
    return undefined;
  }
}

/** The JSON value of a body. @throws RequestProblem saying where it is not JSON that can be taken as it is */
export function readJson(body: string, { maxDepth, locate }: Layout): unknown {
  try {
    return parseJson(body, maxDepth);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const errors = error.problems.flatMap((problem) => locate(problem) ?? []);
    const [first] = error.problems;
    const where = first.pointer ? 'at ' : '';
    throw new RequestProblem('malformed', `the body ${where}${describeProblems([first])}`, {
      errors,
      total: errors.length,
    });
  }
}
