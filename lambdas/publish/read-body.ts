import { JsonError, parseJson } from '../../lib/contracts/json.ts';
import { MAX_REQUEST_BYTES } from '../../lib/contracts/request-limits.ts';
import { RequestProblem } from './problem-response.ts';
import type { PublishRequest } from './read-request.ts';

/** The text of a request. @throws RequestProblem when it is too long or not UTF-8 */
export function readBody({ body = '', isBase64Encoded }: PublishRequest): string {
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body);
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new RequestProblem(
      'tooLarge',
      `the request has ${bytes.length} bytes; at most ${MAX_REQUEST_BYTES} are taken`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Decoding on would put replacement characters into the data and publish something that nobody sent.
    throw new RequestProblem('malformed', 'the body is not UTF-8');
  }
}

/** The JSON value of a body. @throws RequestProblem saying where it is not JSON that can be taken */
export function readJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { pointer, detail } = error.problem;
    throw new RequestProblem('malformed', `the body ${pointer ? `at ${pointer} ` : ''}${detail}`);
  }
}
