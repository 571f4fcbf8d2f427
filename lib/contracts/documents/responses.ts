import { MAX_EVENTS } from '../request-limits.ts';
import type { Authorization } from './security.ts';

const reference = (name: string): object => ({ schema: { $ref: `#/components/schemas/${name}` } });

/** An answer of the publish function, or of API Gateway in front of it: one has a problem for a body, the other a message. */
const answer = (description: string, by: 'function' | 'gateway' | 'both', headers: object = {}): object => ({
  description,
  ...(Object.keys(headers).length > 0 && { headers }),
  content: {
    ...(by !== 'gateway' && { 'application/problem+json': reference('Problem') }),
    ...(by !== 'function' && { 'application/json': reference('GatewayMessage') }),
  },
});

const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds. The answers of API Gateway itself have none.',
    schema: { type: 'integer' },
  },
} as const;

/**
 * Every answer of the API, those of API Gateway itself among them: it refuses callers, throttles, and answers for a function that it
 * cannot call or that takes too long.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export function responses(authorization: Authorization, maxRequestBytes: number): object {
  return {
    202: {
      description: 'Every event is with the topic.',
      content: { 'application/json': reference('Accepted') },
    },
    400: answer(
      'The request cannot be read, or has events that are not accepted. Nothing was published.',
      'function',
    ),
    ...REFUSED[authorization.kind],
    413: answer(
      `The request has more than ${maxRequestBytes} bytes or ${MAX_EVENTS} events, or one of its events is too large. Nothing was published.`,
      'both',
    ),
    415: answer('The content type is not one of CloudEvents. Nothing was published.', 'function'),
    429: answer(
      'There are more requests than the API takes, or the producer publishes more than it may. Nothing was published; try again later.',
      'both',
      RETRY_AFTER,
    ),
    500: answer('Something went wrong here. The same events may be sent again.', 'both'),
    502: answer('The topic refused some of the events, and would again.', 'function'),
    503: answer('Some of the events could not be published now. Send the same again.', 'both', RETRY_AFTER),
  };
}

const REFUSED = {
  iam: {
    403: answer(
      'The request is not signed, or the signer may not publish this. Nothing was published.',
      'both',
    ),
  },
  jwt: {
    401: answer('There is no token, or it is not accepted.', 'gateway', {
      'WWW-Authenticate': {
        description: 'What is wrong with the token.',
        schema: { type: 'string' },
        example: 'Bearer scope="" error="invalid_token" error_description="the token has expired"',
      },
    }),
    403: answer(
      'The token has none of the scopes, or its bearer may not publish this. Nothing was published.',
      'both',
    ),
  },
} as const;

const IDENTITY = { id: { type: 'string' }, source: { type: 'string' } } as const;

const ACCEPTED = {
  type: 'object',
  properties: {
    events: {
      type: 'array',
      description: 'What was published, in the order of the request.',
      minItems: 1,
      maxItems: MAX_EVENTS,
      items: {
        type: 'object',
        properties: { ...IDENTITY, type: { type: 'string' } },
        required: ['id', 'source', 'type'],
      },
    },
  },
  required: ['events'],
} as const;

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
const PROBLEM = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'What is wrong with which event.',
      items: {
        type: 'object',
        properties: {
          index: { type: 'integer', description: 'Position of the event in the request, from 0.' },
          id: { type: 'string' },
          pointer: { type: 'string', description: 'JSON pointer into the event.' },
          detail: { type: 'string' },
        },
        required: ['index', 'pointer', 'detail'],
      },
    },
    moreErrors: { type: 'integer', description: 'How many problems are not shown.' },
    events: {
      type: 'array',
      description: 'The fate of every event, when some are not published.',
      items: {
        type: 'object',
        properties: {
          index: { type: 'integer' },
          ...IDENTITY,
          status: { enum: ['published', 'failed'] },
          code: { type: 'string' },
        },
        required: ['index', 'id', 'source', 'status'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
} as const;

const GATEWAY_MESSAGE = {
  type: 'object',
  description: 'An answer of API Gateway itself.',
  properties: { message: { type: 'string', examples: ['Too Many Requests'] } },
  required: ['message'],
} as const;

/** Under `#/components/schemas`. */
export const RESPONSE_SCHEMAS = {
  Accepted: ACCEPTED,
  Problem: PROBLEM,
  GatewayMessage: GATEWAY_MESSAGE,
} as const;
