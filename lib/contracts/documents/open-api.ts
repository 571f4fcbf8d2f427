import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from '../envelope/envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../envelope/request-limits.ts';
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
import { receiptOperation } from './receipt-operation.ts';
import { RESPONSE_SCHEMAS, responses } from './responses.ts';
import { type Authorization, securityOf } from './security.ts';

/** Title and version of a document. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
}

/** The settings of the API that differ between stages. */
export interface DocumentedApi {
  /** How callers authenticate. @default - IAM credentials */
  readonly authorization?: Authorization;
  /** The largest request, in bytes. @default 4669440, the largest that API Gateway passes to the function */
  readonly maxRequestBytes?: number;
  /** Whether the bus is FIFO: then each event needs a partitionkey. @default false */
  readonly fifo?: boolean;
}

/**
 * The publish API as an OpenAPI 3.1 document.
 *
 * @param api the settings of the stage
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(
  info: DocumentInfo,
  contracts: Iterable<EventContract>,
  { authorization = { kind: 'iam' }, maxRequestBytes = MAX_REQUEST_BYTES, fifo = false }: DocumentedApi = {},
): object {
  // Internal events are left out, because only consumers can emit them.
  const published = [...contracts].filter(({ internal }) => !internal);
  const versions = documentedVersions(published);
  const api = { authorization, maxRequestBytes, fifo };
  return {
    openapi: '3.1.1',
    info: {
      ...info,
      description: 'Publishes events in CloudEvents 1.0 envelopes to all consumers of the bus.',
    },
    servers: [{ url: '/', description: 'The server of this document, or the output ApiUrl of the bus.' }],
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
        get: receiptOperation(authorization),
      },
    },
    ...securityOf(authorization, { ...eventSchemas(versions, 'request', fifo), ...RESPONSE_SCHEMAS }),
  };
}

function typeParameter(versions: readonly DocumentedVersion[]): object {
  return {
    name: 'type',
    in: 'path',
    required: true,
    description:
      'The type of all events of the request, without the version. A policy can allow a caller the paths of some types only.',
    example: versions[0]?.version.type,
    schema: { type: 'string', enum: [...new Set(versions.map(({ version }) => version.type))] },
  };
}

/** OpenAPI cannot express that the body depends on a parameter. */
const OF_ONE_TYPE =
  'Like POST /events, with the same content modes, limits and answers. Every event of the request must have the type of the path, in any version. Otherwise the answer is 403, and nothing of the request is published. The examples have the type that is the example of the parameter.';

/** The rules that a schema cannot express. docs/contracts.md has the same list. */
const inWords = (
  maxRequestBytes: number,
): string => `In any content mode of the CloudEvents HTTP binding: structured, batched, or binary with the attributes in \`ce-*\` headers. Everything is checked before anything is published.

What the schemas cannot say:

- A caller may publish only the types and sources that it is declared for. Otherwise the answer is 403.
- A request has at most ${MAX_EVENTS} events and ${maxRequestBytes} bytes. Request line and headers have 10,240 bytes at most.
- The id and the source of an event have 2,047 bytes of UTF-8 together at most (an id that the API makes has 36), correlationid, causationid and tenant 2,047 each.
- If an event does not fit into an SNS message (262,144 bytes with its attributes type, source and subject), the bus stores its data in a bucket. The rest of the event has to fit, and the event may not have both data and its own link.
- A batch has each pair of source and id only once, except for several versions of one event.
- Data: no number that a double would change, each name once in its object, and at most 64 levels of nesting, including the event's own object.
- The body is UTF-8. In binary mode it may not contain a raw U+FFFD: write it as \\ufffd. A charset other than utf-8 or us-ascii is refused.
- Binary mode: the values of \`ce-*\` headers are percent-encoded UTF-8 where they are not printable ASCII, and so are the percent sign and the quotation mark. Each schema describes the decoded value. The event that headers and body form together has the schema of its type; every attribute is a string. Any \`ce-<extension>\` header is an extension attribute. The required headers and the content types of each mode are in \`x-content-modes\`.`;

function publishOperation(
  versions: readonly DocumentedVersion[],
  { authorization, maxRequestBytes, fifo }: Required<DocumentedApi>,
  ofExamples?: string,
): object {
  const types = versions.map(({ version }) => version.versionedType);
  return {
    operationId: 'publishEvents',
    tags: ['Events'],
    summary: 'Publish events',
    description: inWords(maxRequestBytes),
    parameters: requestParameters(types, fifo),
    requestBody: {
      // A request without a body is valid in binary mode, if the event has a link instead of data.
      required: versions.every(({ version }) => version.links.length === 0 && !mayBeEmpty(version)),
      content: contentOf(versions, fifo, ofExamples),
    },
    responses: responses(authorization, maxRequestBytes),
    'x-content-modes': contentModes(fifo),
  };
}

/** The content of a request body, with examples of one type or of all types. */
function contentOf(versions: readonly DocumentedVersion[], fifo: boolean, ofExamples?: string): object {
  const types = versions.map(({ version }) => version.versionedType);
  const event = { oneOf: types.map(schemaReference) };
  const { structured, batched, binary } = requestExamples(
    versions.filter(({ version }) => ofExamples === undefined || version.type === ofExamples),
    fifo,
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
