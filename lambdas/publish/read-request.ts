import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../../lib/contracts/envelope.ts';
import { isJsonObject, JsonError, parseJson } from '../../lib/contracts/json.ts';
import { hasEventHeaders, readBinaryEvent } from './binary-mode.ts';
import { RequestProblem } from './problem-response.ts';

/** Events of one request at most; a batch of more is better sent in parts. */
export const MAX_EVENTS = 100;
/** Lambda takes 6 MB; the event around the body needs some of it. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_REQUEST_BYTES = 5_500_000;

/** The requests that this API needs to look at. */
export type PublishRequest = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>;

/**
 * Reads the events of a request, in any of the content modes of the CloudEvents HTTP binding. They are not checked yet.
 *
 * @throws RequestProblem when the request as a whole cannot be read
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function readRequest(request: PublishRequest): readonly unknown[] {
  const body = readBody(request);
  const contentType = headerOf(request, 'content-type') ?? '';
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (mediaType === CLOUDEVENTS_JSON) return [readJson(body)];
  if (mediaType === CLOUDEVENTS_BATCH_JSON) return readBatch(body);
  if (hasEventHeaders(request.headers)) {
    return [readBinaryEvent(request.headers, contentType, () => readJson(body))];
  }
  throw new RequestProblem(
    'unsupportedMediaType',
    `the content type is '${contentType}'; send ${CLOUDEVENTS_JSON}, ${CLOUDEVENTS_BATCH_JSON}, or application/json with ce-* headers`,
  );
}

/** A header by its lower-case name; API Gateway writes them so, others may not. */
export function headerOf({ headers }: Pick<PublishRequest, 'headers'>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function readBody({ body = '', isBase64Encoded }: PublishRequest): string {
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

function readBatch(body: string): readonly unknown[] {
  const events = readJson(body);
  if (!Array.isArray(events)) {
    throw new RequestProblem('malformed', `a ${CLOUDEVENTS_BATCH_JSON} body must be a JSON array of events`);
  }
  if (events.length === 0) throw new RequestProblem('malformed', 'the batch has no events');
  if (events.length > MAX_EVENTS) {
    throw new RequestProblem(
      'tooLarge',
      `the batch has ${events.length} events; at most ${MAX_EVENTS} are taken`,
    );
  }
  return events;
}

function readJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { pointer, detail } = error.problem;
    throw new RequestProblem('malformed', `the body ${pointer ? `at ${pointer} ` : ''}${detail}`);
  }
}

/** The id of something that may be an event. */
export function idOf(event: unknown): string | undefined {
  return isJsonObject(event) && typeof event.id === 'string' ? event.id : undefined;
}
