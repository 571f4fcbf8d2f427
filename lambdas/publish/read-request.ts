import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../../lib/contracts/envelope.ts';
import { isJsonObject } from '../../lib/contracts/json.ts';
import {
  BATCHED_PATTERN,
  OTHER_CHARSET_PATTERN,
  STRUCTURED_PATTERN,
} from '../../lib/contracts/media-types.ts';
import { MAX_EVENTS } from '../../lib/contracts/request-limits.ts';
import { hasEventHeaders, readBinaryEvent } from './binary-mode.ts';
import type { RequestContext } from './caller.ts';
import { RequestProblem } from './problem-response.ts';
import { BATCH, ONE_EVENT, readBody, readJson } from './read-body.ts';

const OTHER_CHARSET = new RegExp(OTHER_CHARSET_PATTERN, 'u');
const STRUCTURED = new RegExp(STRUCTURED_PATTERN, 'u');
const BATCHED = new RegExp(BATCHED_PATTERN, 'u');

/** The requests that this API needs to look at. */
export type PublishRequest = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'> & {
  readonly requestContext?: RequestContext;
  /** `type` when the request was sent to the path of one type. */
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | undefined;
};

/**
 * Reads the events of a request, in any of the content modes of the CloudEvents HTTP binding. They are not checked yet.
 *
 * @param maxBytes of the body
 * @throws RequestProblem when the request as a whole cannot be read
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function readRequest(request: PublishRequest, maxBytes: number): readonly unknown[] {
  const contentType = headerOf(request, 'content-type') ?? '';
  // Where there is no body, there is nothing to be read in it.
  if (request.body) refuseOtherCharsets(contentType);
  const body = readBody(request, maxBytes);
  if (STRUCTURED.test(contentType)) return [readJson(body, ONE_EVENT)];
  if (BATCHED.test(contentType)) return readBatch(body);
  if (hasEventHeaders(request.headers)) return [readBinaryEvent(request.headers, contentType, body)];
  throw new RequestProblem(
    'unsupportedMediaType',
    `the content type is '${contentType}'; send ${CLOUDEVENTS_JSON}, ${CLOUDEVENTS_BATCH_JSON}, or application/json with ce-* headers`,
  );
}

/** A header by its lower-case name; API Gateway writes them so, others may not. */
export function headerOf({ headers }: Pick<PublishRequest, 'headers'>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function refuseOtherCharsets(contentType: string): void {
  const charset = OTHER_CHARSET.exec(contentType)?.[1];
  if (charset === undefined) return;
  throw new RequestProblem('unsupportedMediaType', `the charset is ${charset}; JSON is sent as utf-8`);
}

function readBatch(body: string): readonly unknown[] {
  const events = readJson(body, BATCH);
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

/** The id of something that may be an event. */
export function idOf(event: unknown): string | undefined {
  return isJsonObject(event) && typeof event.id === 'string' ? event.id : undefined;
}
