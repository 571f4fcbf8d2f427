import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../request-limits.ts';
import { contentModes, requestParameters } from './content-modes.ts';
import {
  type DocumentedVersion,
  dataSchemaName,
  documentedVersions,
  eventSchemas,
  mayBeEmpty,
  schemaReference,
} from './event-schemas.ts';
import { type Example, requestExamples } from './examples.ts';
import { RESPONSE_SCHEMAS, responses } from './responses.ts';
import { type Authorization, securityOf } from './security.ts';

/** What a document says of itself. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
}

/** What a stage makes of the API. */
export interface DocumentedApi {
  readonly authorization?: Authorization;
  readonly maxRequestBytes?: number;
}

/**
 * The publish API as an OpenAPI 3.1 document.
 *
 * @param api how callers show who they are, and the largest request in bytes. Default: they sign with IAM credentials, and it is the largest
 * that API Gateway hands over
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(
  info: DocumentInfo,
  contracts: Iterable<EventContract>,
  { authorization = { kind: 'iam' }, maxRequestBytes = MAX_REQUEST_BYTES }: DocumentedApi = {},
): object {
  // What only consumers emit nobody else can publish.
  const published = [...contracts].filter(({ internal }) => !internal);
  const versions = documentedVersions(published);
  const api = { authorization, maxRequestBytes };
  return {
    openapi: '3.1.1',
    info: {
      ...info,
      description: 'Publishes facts, in CloudEvents 1.0 envelopes, to everybody who is interested.',
    },
    servers: [
      { url: '/', description: 'Wherever this document is served, or the output ApiUrl of the bus.' },
    ],
    paths: {
      '/events': { post: publishOperation(versions, api) },
      '/events/{type}': {
        parameters: [typeParameter(versions)],
        post: {
          ...publishOperation(versions, api, versions[0]?.version.type),
          operationId: 'publishEventsOfType',
          summary: 'Publish events of one type',
          description: OF_ONE_TYPE,
        },
      },
    },
    ...securityOf(authorization, { ...eventSchemas(versions, 'request'), ...RESPONSE_SCHEMAS }),
  };
}

function typeParameter(versions: readonly DocumentedVersion[]): object {
  return {
    name: 'type',
    in: 'path',
    required: true,
    description:
      'The type of every event of the request, without its version. A policy may allow a caller the path of some types only.',
    example: versions[0]?.version.type,
    schema: { type: 'string', enum: [...new Set(versions.map(({ version }) => version.type))] },
  };
}

/** OpenAPI cannot say that a parameter and the body go together. */
const OF_ONE_TYPE =
  'As POST /events, with its content modes, limits and answers. Every event of the request has the type of the path, in any of its versions; a request with another one gets a 403, and nothing of it is published. The examples are of the type that is the example of the parameter.';

/** What no schema can say; docs/contracts.md has the same list. */
const inWords = (
  maxRequestBytes: number,
): string => `In any content mode of the CloudEvents HTTP binding: structured, batched, or binary with the attributes in \`ce-*\` headers. Everything is checked before anything is published.

What the schemas cannot say:

- A caller may publish the types and sources that it is declared for. Who is not the right one gets a 403.
- A request has at most ${MAX_EVENTS} events and ${maxRequestBytes} bytes. Request line and headers have 10,240 bytes at most.
- The id and the source of an event have 2,047 bytes of UTF-8 together at most (an id that the API makes has 36), correlationid and causationid 2,047 each.
- An event that does not fit into a message of SNS (262,144 bytes with its attributes type, source and subject) has its data put elsewhere by the bus. What is left has to fit, and the event may have no link of its own beside its data.
- A batch has each pair of source and id once, but for several versions of one event.
- Data: no number that a double would alter, each name once in its object, and 64 levels of nesting, the event's own object among them.
- The body is UTF-8, in binary mode without a raw U+FFFD: write it as \\ufffd. A charset other than utf-8 or us-ascii is refused.
- Binary mode: the values of \`ce-*\` headers are percent-encoded UTF-8 where they are not printable ASCII, and so are the percent sign and the quotation mark. Each schema is of the value before that. The event that headers and body make together has the schema of its type; every attribute is a string. Any \`ce-<extension>\` header is an extension attribute. The names that have to be there, and the content types of each mode, are in \`x-content-modes\`.`;

function publishOperation(
  versions: readonly DocumentedVersion[],
  { authorization, maxRequestBytes }: Required<DocumentedApi>,
  ofExamples?: string,
): object {
  const types = versions.map(({ version }) => version.versionedType);
  return {
    operationId: 'publishEvents',
    tags: ['Events'],
    summary: 'Publish events',
    description: inWords(maxRequestBytes),
    parameters: requestParameters(types),
    requestBody: {
      // Without a body there is no data, which is right for a link in binary mode.
      required: versions.every(({ version }) => version.links.length === 0 && !mayBeEmpty(version)),
      content: contentOf(versions, ofExamples),
    },
    responses: responses(authorization, maxRequestBytes),
    'x-content-modes': contentModes(),
  };
}

/** With examples of one type, or of all. */
function contentOf(versions: readonly DocumentedVersion[], ofExamples?: string): object {
  const types = versions.map(({ version }) => version.versionedType);
  const event = { oneOf: types.map(schemaReference) };
  const { structured, batched, binary } = requestExamples(
    versions.filter(({ version }) => ofExamples === undefined || version.type === ofExamples),
  );
  const data = { anyOf: types.map((type) => schemaReference(dataSchemaName(type))) };
  const media = (schema: object, examples: Readonly<Record<string, Example>> = {}): object => ({
    schema,
    ...(Object.keys(examples).length > 0 && { examples }),
  });
  return {
    [CLOUDEVENTS_JSON]: media(event, structured),
    [CLOUDEVENTS_BATCH_JSON]: media(
      { type: 'array', items: event, minItems: 1, maxItems: MAX_EVENTS },
      batched,
    ),
    'application/json': media(data, binary),
    'application/*+json': media(data),
    'text/json': media(data),
  };
}
