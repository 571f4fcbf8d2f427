import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../request-limits.ts';
import {
  type DocumentedVersion,
  dataSchemaName,
  documentedVersions,
  eventSchemas,
  schemaReference,
} from './event-schemas.ts';

/** What a document says of itself. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
}

/** The publish API as an OpenAPI 3.1 document. @see https://spec.openapis.org/oas/v3.1.1.html */
export function openApiDocument(info: DocumentInfo, contracts: Iterable<EventContract>): object {
  const versions = documentedVersions(contracts);
  return {
    openapi: '3.1.1',
    info: {
      ...info,
      description: 'Publishes facts, in CloudEvents 1.0 envelopes, to everybody who is interested.',
    },
    servers: [
      { url: '/', description: 'Wherever this document is served, or the output ApiUrl of the bus.' },
    ],
    security: [{ iam: [] }, { token: [] }],
    paths: { '/events': { post: publishOperation(versions) } },
    components: {
      schemas: { ...eventSchemas(versions), Accepted: ACCEPTED, Problem: PROBLEM },
      securitySchemes: SECURITY,
    },
  };
}

function publishOperation(versions: readonly DocumentedVersion[]): object {
  const types = versions.map(({ version }) => version.versionedType);
  const event = { oneOf: types.map(schemaReference) };
  const attribute = (name: string, required: boolean, schema: object): object => ({
    name: `ce-${name}`,
    in: 'header',
    required,
    description: `Binary mode: the attribute ${name}, percent-encoded where it is not printable ASCII.`,
    schema,
  });
  return {
    operationId: 'publishEvents',
    tags: ['Events'],
    summary: 'Publish events',
    description: `In any content mode of the CloudEvents HTTP binding: structured, batched, or binary with the attributes in ce-* headers. Everything is checked before anything is published. A request has at most ${MAX_EVENTS} events and ${MAX_REQUEST_BYTES} bytes.`,
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description:
          'Events without an id get one that is made of this and of what they say: a request that is repeated, whole or in part, is the same events, and other content is another event.',
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
      },
      attribute('id', false, { type: 'string' }),
      attribute('source', false, { type: 'string' }),
      attribute('type', false, { enum: types }),
      attribute('subject', false, { type: 'string' }),
    ],
    requestBody: {
      required: true,
      content: {
        [CLOUDEVENTS_JSON]: { schema: event },
        [CLOUDEVENTS_BATCH_JSON]: {
          schema: { type: 'array', items: event, minItems: 1, maxItems: MAX_EVENTS },
        },
        'application/json': {
          schema: { anyOf: types.map((type) => schemaReference(dataSchemaName(type))) },
        },
      },
    },
    responses: RESPONSES,
  };
}

const problem = (description: string, headers: object = {}): object => ({
  description,
  headers,
  content: { 'application/problem+json': { schema: schemaReference('Problem') } },
});

const RESPONSES = {
  202: {
    description: 'Every event is with the topic.',
    content: { 'application/json': { schema: schemaReference('Accepted') } },
  },
  400: problem('The request cannot be read, or has events that are not accepted. Nothing was published.'),
  403: {
    description: 'The caller may not publish: the request is not signed, or the token is not accepted.',
  },
  413: problem(
    `The request has more than ${MAX_REQUEST_BYTES} bytes or ${MAX_EVENTS} events, or one of its events is too large. Nothing was published.`,
  ),
  415: problem('The content type is not one of CloudEvents. Nothing was published.'),
  429: { description: 'There are more requests than the API takes. Try again later.' },
  500: problem('Something went wrong here. The same events may be sent again.'),
  502: problem('The topic refused some of the events, and would again.'),
  503: problem('Some of the events could not be published now. Send the same again.', {
    'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  }),
} as const;

const IDENTITY = {
  id: { type: 'string' },
  source: { type: 'string' },
} as const;

const ACCEPTED = {
  type: 'object',
  properties: {
    events: {
      type: 'array',
      items: { type: 'object', properties: { ...IDENTITY, type: { type: 'string' } } },
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
  required: ['title', 'status', 'detail'],
} as const;

const SECURITY = {
  iam: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4 for the service execute-api. Not needed on this machine.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'When the deployment names an issuer of tokens.',
  },
} as const;
