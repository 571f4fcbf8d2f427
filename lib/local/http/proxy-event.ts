import { randomUUID } from 'node:crypto';
import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';

/** A request and the route that it matches. */
export interface RoutedRequest {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
  /** `POST /events`, `GET /orders/{id}` or `$default`. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The response to the client. */
export interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** The result of a function. Its values come from the function and are checked. */
interface FunctionAnswer {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: string[];
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * Content types whose body API Gateway passes as text, decoded as UTF-8. All other bodies are passed in base64, also
 * `application/cloudevents+json` and a body without a content type.
 *
 * @see https://github.com/ministackorg/ministack/pull/766 which describes how this was measured on AWS
 */
const TEXT_TYPES = /^\s*(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The event that API Gateway passes to a function for a request, in payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function proxyEvent({ request, url, body, routeKey, pathParameters }: RoutedRequest): object {
  // Names are in lower case. Each byte of a value is one character. Repeated headers are joined by a comma.
  const { cookie, ...others } = request.headersDistinct;
  const headers = Object.fromEntries(
    Object.entries(others).map(([name, values = []]) => [name, values.join(',')]),
  );
  const isText = body.length === 0 || TEXT_TYPES.test(headers['content-type'] ?? '');
  const query = Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.flatMap((one) => one.split(/; */)) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: !isText,
  };
}

/**
 * The response that API Gateway makes of the result of a function. A result without a status becomes the body of a 200.
 *
 * @returns undefined when the result is invalid; API Gateway answers that with 500
 */
export function proxyResponse(answer: unknown): ProxyResponse | undefined {
  const json = { 'content-type': 'application/json' };
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer ?? null);
    return { statusCode: 200, headers: json, body: Buffer.from(body) };
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded }: FunctionAnswer = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') return undefined;
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const all = { ...json, ...Object.fromEntries(own), ...(cookies && { 'set-cookie': cookies }) };
  if (!areHeaders(all)) return undefined;
  return {
    statusCode: status,
    headers: all,
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** Whether headers can be sent: no line break and no character that is no byte, in a name or a value. */
function areHeaders(headers: Readonly<Record<string, string | readonly string[]>>): boolean {
  try {
    for (const [name, values] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const value of [values].flat()) validateHeaderValue(name, value);
    }
    return true;
  } catch {
    // Node says which one cannot be sent. The client gets no details.
    return false;
  }
}

/** `12/Mar/2026:19:03:58 +0000` */
function commonLogTime(date: Date): string {
  const [day, time] = date.toISOString().split('T');
  const [year, month, dayOfMonth] = day?.split('-') ?? [];
  return `${dayOfMonth}/${MONTHS[Number(month) - 1]}/${year}:${time?.slice(0, 8)} +0000`;
}
