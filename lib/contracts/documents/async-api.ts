import type { ConsumerDefinition } from '../define-consumer.ts';
import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_JSON } from '../envelope/envelope.ts';
import type { EventVersion } from '../versions/event-version.ts';
import { documentedVersions, eventSchemas } from './event-schemas.ts';
import type { DocumentInfo } from './open-api.ts';
import { LARGE_DATA, topicMessage } from './topic-message.ts';

/** The events and consumers of a bus. */
export interface BusContents {
  /** Contracts that can be published, with or without consumers. */
  readonly events: readonly EventContract[];
  readonly consumers: readonly ConsumerDefinition[];
  /** Whether the topic keeps the order within each message group. @default false */
  readonly fifo?: boolean;
}

/** All contracts that the bus or its consumers use. */
export function contractsOf({ events, consumers }: BusContents): readonly EventContract[] {
  return [...events, ...consumers.flatMap(({ listensTo, emits }) => [...listensTo, ...emits])];
}

/** The bus as an AsyncAPI 3 document. @see https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApiDocument(info: DocumentInfo, contents: BusContents): object {
  const versions = documentedVersions(contractsOf(contents));
  const types = versions.map(({ version }) => version.versionedType);
  const { fifo = false } = contents;
  return {
    asyncapi: '3.0.0',
    info: {
      ...info,
      description:
        'One SNS topic, and a queue with a dead-letter queue for every consumer. A consumer gets the events that match its filter policy.',
    },
    defaultContentType: CLOUDEVENTS_JSON,
    channels: {
      events: {
        title: 'The topic of all events',
        description: fifo ? IN_ORDER : IN_ANY_ORDER,
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: {
      ...publishOperation(contents),
      ...Object.assign({}, ...contents.consumers.map(operationsOf)),
    },
    components: {
      messages: Object.fromEntries(
        versions.map((documented) => [documented.version.versionedType, topicMessage(documented, { fifo })]),
      ),
      schemas: { ...eventSchemas(versions, 'topic', fifo), LargeData: LARGE_DATA },
    },
  };
}

/** Internal events are left out, because producers may not publish them. Without events the API is that of another app. */
function publishOperation({ events }: BusContents): Record<string, object> {
  if (events.length === 0) return {};
  const about = { title: 'publish API', summary: 'POST /events, or the typed publisher.' };
  return { publish: operation('send', allVersions(events.filter(({ internal }) => !internal)), about) };
}

/** All versions of contracts. A consumer handles all versions, and a producer may publish all. A consumer emits only the newest one. */
function allVersions(contracts: readonly EventContract[]): readonly EventVersion[] {
  return contracts.flatMap(({ versions }) => versions);
}

function operationsOf(consumer: ConsumerDefinition): Record<string, object> {
  const { name, description, listensTo, emits, where } = consumer;
  const filter = Object.keys(where).length > 0 && { 'x-where': where };
  const about = { title: name, summary: description };
  return {
    [`${name}.receive`]: {
      ...operation('receive', allVersions(listensTo), about),
      bindings: { sns: subscriptionOf(name) },
      ...filter,
    },
    ...(emits.length > 0 && { [`${name}.send`]: operation('send', emits, about) }),
  };
}

function operation(
  action: 'send' | 'receive',
  versions: readonly EventVersion[],
  about: { readonly title: string; readonly summary: string },
): object {
  return {
    action,
    ...about,
    channel: { $ref: '#/channels/events' },
    messages: versions.map(({ versionedType }) => ({ $ref: `#/channels/events/messages/${versionedType}` })),
  };
}

/** The subscription of a queue. The queue gets the body and the attributes of a message as they were published. */
function subscriptionOf(name: string): object {
  return {
    consumers: [{ protocol: 'sqs', endpoint: { name }, rawMessageDelivery: true }],
    bindingVersion: '0.1.0',
  };
}

const AT_LEAST_ONCE =
  'A message arrives at least once. Source and id together identify the event, in any version: compare them to detect duplicates. The message is the event: SNS delivers it raw.';
const IN_ANY_ORDER = `A standard topic: messages can arrive in any order. A message group gives fairness, but keeps no order. ${AT_LEAST_ONCE}`;
const IN_ORDER = `A FIFO topic: messages of one group arrive in the order in which they were published. ${AT_LEAST_ONCE}`;
