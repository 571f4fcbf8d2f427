import type { ConsumerDefinition } from '../define-consumer.ts';
import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_JSON } from '../envelope.ts';
import type { EventVersion } from '../event-version.ts';
import { documentedVersions, eventSchemas, schemaReference } from './event-schemas.ts';
import type { DocumentInfo } from './open-api.ts';

/** What is on the bus, who publishes it and who takes it. */
export interface BusContents {
  /** Contracts that anybody may publish, whoever takes them. */
  readonly events: readonly EventContract[];
  readonly consumers: readonly ConsumerDefinition[];
}

/** All contracts that the bus has to do with. */
export function contractsOf({ events, consumers }: BusContents): readonly EventContract[] {
  return [...events, ...consumers.flatMap(({ listensTo, emits }) => [...listensTo, ...emits])];
}

/** The bus as an AsyncAPI 3 document. @see https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApiDocument(info: DocumentInfo, contents: BusContents): object {
  const versions = documentedVersions(contractsOf(contents));
  const types = versions.map(({ version }) => version.versionedType);
  return {
    asyncapi: '3.0.0',
    info: {
      ...info,
      description:
        'One SNS topic, and a queue with a dead-letter queue for every consumer. A consumer gets what its filter policy lets through.',
    },
    defaultContentType: CLOUDEVENTS_JSON,
    channels: {
      events: {
        title: 'The topic of all events',
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: {
      publish: operation('send', allVersions(contents.events), {
        title: 'publish API',
        summary: 'POST /events, or the typed publisher.',
      }),
      ...Object.assign({}, ...contents.consumers.map(operationsOf)),
    },
    components: {
      messages: Object.fromEntries(
        versions.map(({ version: { versionedType }, description }) => [
          versionedType,
          {
            name: versionedType,
            title: versionedType,
            summary: description,
            contentType: CLOUDEVENTS_JSON,
            headers: HEADERS,
            payload: schemaReference(versionedType),
          },
        ]),
      ),
      schemas: eventSchemas(versions),
    },
  };
}

/** What is taken and what may be published is every version; what a consumer emits is the contract's own. */
function allVersions(contracts: readonly EventContract[]): readonly EventVersion[] {
  return contracts.flatMap(({ versions }) => versions);
}

function operationsOf(consumer: ConsumerDefinition): Record<string, object> {
  const { name, description, listensTo, emits, where } = consumer;
  const filter = Object.keys(where).length > 0 && { 'x-where': where };
  const says = { title: name, summary: description };
  return {
    [`${name}.receive`]: { ...operation('receive', allVersions(listensTo), says), ...filter },
    ...(emits.length > 0 && { [`${name}.send`]: operation('send', emits, says) }),
  };
}

function operation(
  action: 'send' | 'receive',
  versions: readonly EventVersion[],
  says: { readonly title: string; readonly summary: string },
): object {
  return {
    action,
    ...says,
    channel: { $ref: '#/channels/events' },
    messages: versions.map(({ versionedType }) => ({ $ref: `#/channels/events/messages/${versionedType}` })),
  };
}

/** The SNS message attributes that filters look at. */
const HEADERS = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    source: { type: 'string' },
    subject: { type: 'string' },
  },
  required: ['type', 'source'],
} as const;
