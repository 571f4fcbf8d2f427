import type { Authorization } from './security.ts';

const TIME = { type: 'string', format: 'date-time' } as const;

/** A receipt, under `#/components/schemas`. lib/contracts/receipts/receipt.ts says the same of it. */
export const RECEIPT_SCHEMA = {
  type: 'object',
  description: 'What became of an event, by consumer.',
  properties: {
    id: { type: 'string' },
    source: { type: 'string' },
    type: { type: 'string', description: 'As the request says it.' },
    publishedAt: { ...TIME, description: 'When the API has accepted the event, as the request says it.' },
    deliverAt: { ...TIME, description: 'When an event comes that comes later, as the request says it.' },
    seen: {
      type: 'boolean',
      description:
        'Whether any consumer has a record of the event. If not, it is on its way, or was never published: nobody can tell.',
    },
    settled: {
      type: 'boolean',
      description:
        'Whether no consumer is waiting, handling or failing, and the table of each could be read.',
    },
    consumers: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          consumer: { type: 'string' },
          status: {
            description:
              "With effects: 'commit', a first attempt is not recorded before its handler has finished: then it is 'waiting', not 'handling'.",
            enum: ['waiting', 'handling', 'failing', 'done', 'dead', 'skipped', 'unknown'],
          },
          since: TIME,
          attempts: { type: 'integer' },
          maxAttempts: { type: 'integer' },
          nextAttemptBefore: TIME,
          reason: { type: 'string', description: 'The last error. It may have data of customers.' },
          replay: { type: 'string' },
          why: {
            description: 'Why the status is unknown.',
            enum: ['filter', 'type', 'nobody', 'time', 'later', 'expired', 'unreadable'],
          },
        },
        required: ['consumer', 'status'],
      },
    },
    note: { type: 'string' },
  },
  required: ['id', 'source', 'seen', 'settled', 'consumers'],
} as const;

const query = (name: string, description: string, required: boolean, schema: object): object => ({
  name,
  in: 'query',
  required,
  description,
  schema,
});

const json = (description: string, name: string, mediaType = 'application/json'): object => ({
  description,
  content: { [mediaType]: { schema: { $ref: `#/components/schemas/${name}` } } },
});

const PROBLEM_JSON = 'application/problem+json';

/** `GET /events/{id}`. The parameter of the path has the name that it has in the same path of POST. */
export function receiptOperation({ kind }: Authorization): object {
  return {
    operationId: 'readReceipt',
    tags: ['Receipts'],
    summary: 'Read the receipt of an event',
    description:
      'What each consumer has done with an event. The answer of POST /events has a link to it for each event. See docs/receipts.md.',
    parameters: [
      {
        name: 'type',
        in: 'path',
        required: true,
        description:
          'The id of the event. An id that has other characters than letters, digits, ".", "_", "~" and "-" is in the query, and "-" stands here.',
        example: '0d2b1c1e-7a53-4a5e-9c3f-0a7f3a1f6f11',
        schema: { type: 'string', minLength: 1 },
      },
      query('source', 'The source of the event.', true, { type: 'string', minLength: 1 }),
      query('id', 'The id of the event, when it is not in the path.', false, {
        type: 'string',
        minLength: 1,
      }),
      query(
        'type',
        'The type of the event: shop.OrderPlaced.v1, or shop.OrderPlaced for all its versions.',
        false,
        {
          type: 'string',
        },
      ),
      query('published', 'When the API has accepted the event. Without it, nobody is waiting.', false, TIME),
      query('deliver', 'When the event comes, if that is later.', false, TIME),
    ],
    responses: {
      200: json('The receipt. It is also the answer for an event that nobody has seen.', 'Receipt'),
      400: json(
        'The id or the source is missing or none that an event can have, or the time is none.',
        'Problem',
        PROBLEM_JSON,
      ),
      ...(kind === 'jwt' && {
        401: json('The token is missing or not accepted.', 'GatewayMessage'),
      }),
      403: json('The caller may not read receipts.', 'GatewayMessage'),
      429: json('There are too many requests.', 'GatewayMessage'),
      500: json('An internal error.', 'GatewayMessage'),
      503: json('The receipt cannot be read now. Try again.', 'Problem', PROBLEM_JSON),
    },
  };
}
