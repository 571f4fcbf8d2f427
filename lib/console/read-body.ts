import type { IncomingMessage } from 'node:http';
import { JsonError, parseJson } from '../contracts/json/json.ts';
import { describeProblems } from '../contracts/text/problem.ts';
import { ActionError } from './action.ts';

/** Large enough for the largest event that the API accepts. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * Reads the JSON body of a request.
 *
 * @throws ActionError when the body is too large or no JSON, or has another content type: a form of another site cannot send
 *   `application/json`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ActionError(415, 'the content-type must be application/json');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new ActionError(413, `the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    const reason = error instanceof JsonError ? describeProblems(error.problems) : 'is not UTF-8';
    throw new ActionError(400, `the request ${reason}`, { cause: error });
  }
}
