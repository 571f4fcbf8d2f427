import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../../contracts/envelope/envelope.ts';
import {
  BATCHED_PATTERN,
  OTHER_CHARSET_PATTERN,
  STRUCTURED_PATTERN,
} from '../../contracts/envelope/media-types.ts';
import { MAX_EVENTS } from '../../contracts/envelope/request-limits.ts';
import { isJsonObject } from '../../contracts/json/json.ts';
import { hasEventHeaders, readBinaryEvent } from './binary-mode.ts';
import { RequestError } from './problem-response.ts';
import { BATCH, ONE_EVENT, readBody, readJson } from './read-body.ts';
import { headerOf, type PublishRequest } from './request.ts';

const OTHER_CHARSET = new RegExp(OTHER_CHARSET_PATTERN, 'u');
const STRUCTURED = new RegExp(STRUCTURED_PATTERN, 'u');
const BATCHED = new RegExp(BATCHED_PATTERN, 'u');

/**
 * Reads the events of a request, in any content mode of the CloudEvents HTTP binding. It does not check them.
 *
 * @param maxBytes maximum bytes of the body
 * @throws RequestError when the request as a whole cannot be read
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function readRequest(request: PublishRequest, maxBytes: number): readonly unknown[] {
  const contentType = headerOf(request, 'content-type') ?? '';
  // Without a body, the charset does not matter.
  if (request.body) refuseOtherCharsets(contentType);
  const body = readBody(request, maxBytes);
  if (STRUCTURED.test(contentType)) return [readJson(body, ONE_EVENT)];
  if (BATCHED.test(contentType)) return readBatch(body);
  if (hasEventHeaders(request.headers)) return [readBinaryEvent(request.headers, contentType, body)];
  throw new RequestError(
    'unsupportedMediaType',
    `the content type is '${contentType}'; send ${CLOUDEVENTS_JSON}, ${CLOUDEVENTS_BATCH_JSON}, or application/json with ce-* headers`,
  );
}

function refuseOtherCharsets(contentType: string): void {
  const charset = OTHER_CHARSET.exec(contentType)?.[1];
  if (charset === undefined) return;
  throw new RequestError('unsupportedMediaType', `the charset is ${charset}; send JSON as utf-8`);
}

function readBatch(body: string): readonly unknown[] {
  const events = readJson(body, BATCH);
  if (!Array.isArray(events)) {
    throw new RequestError('malformed', `a ${CLOUDEVENTS_BATCH_JSON} body must be a JSON array of events`);
  }
  if (events.length === 0) throw new RequestError('malformed', 'the batch has no events');
  if (events.length > MAX_EVENTS) {
    throw new RequestError(
      'tooLarge',
      `the batch has ${events.length} events; at most ${MAX_EVENTS} are allowed`,
    );
  }
  return events;
}

/** The id of a value that may be an event; undefined when it has none. */
export function idOf(event: unknown): string | undefined {
  return isJsonObject(event) && typeof event.id === 'string' ? event.id : undefined;
}
