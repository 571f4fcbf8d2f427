import { MAX_EVENTS } from '../envelope/request-limits.ts';
import { RECEIPT_SCHEMA } from './receipt-operation.ts';
import type { Authorization } from './security.ts';

const reference = (name: string): object => ({ schema: { $ref: `#/components/schemas/${name}` } });

/** An answer. The body of the publish function is a problem, the body of API Gateway is a message. */
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
    description: 'Seconds to wait. Answers of API Gateway itself do not have this header.',
    schema: { type: 'integer' },
  },
} as const;

/**
 * All answers of the API, including those of API Gateway itself: it refuses callers, throttles, and answers when it cannot call the
 * function or the function takes too long.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export function responses(authorization: Authorization, maxRequestBytes: number): object {
  return {
    202: {
      description: 'The topic has accepted every event.',
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
      'There are too many requests, or the producer has reached its limit. Nothing was published; try again later.',
      'both',
      RETRY_AFTER,
    ),
    500: answer('An internal error. The same events may be sent again.', 'both'),
    502: answer('The topic refused some of the events, and would refuse them again.', 'function'),
    503: answer(
      'Some of the events could not be published now. Send the same request again.',
      'both',
      RETRY_AFTER,
    ),
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
    401: answer('The token is missing or not accepted.', 'gateway', {
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
      description: 'The published events, in the order of the request.',
      minItems: 1,
      maxItems: MAX_EVENTS,
      items: {
        type: 'object',
        properties: {
          ...IDENTITY,
          type: { type: 'string' },
          receipt: {
            type: 'string',
            description: 'Path and query of the receipt of the event, relative to the address of this API.',
          },
        },
        required: ['id', 'source', 'type', 'receipt'],
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
      description: 'The problems of the events.',
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
      description: 'The result of every event, when some are not published.',
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

/** The schemas of answers, under `#/components/schemas`. */
export const RESPONSE_SCHEMAS = {
  Accepted: ACCEPTED,
  Receipt: RECEIPT_SCHEMA,
  Problem: PROBLEM,
  GatewayMessage: GATEWAY_MESSAGE,
} as const;
