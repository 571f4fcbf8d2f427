import type { ConsumerDefinition } from '../define-consumer.ts';
import type { EventContract } from '../define-event.ts';
import { CLOUDEVENTS_JSON } from '../envelope.ts';
import type { EventVersion } from '../event-version.ts';
import { documentedVersions, eventSchemas } from './event-schemas.ts';
import type { DocumentInfo } from './open-api.ts';
import { LARGE_DATA, topicMessage } from './topic-message.ts';

/** What is on the bus, who publishes it and who takes it. */
export interface BusContents {
  /** Contracts that anybody may publish, whoever takes them. */
  readonly events: readonly EventContract[];
  readonly consumers: readonly ConsumerDefinition[];
  /** Whether the topic keeps the order within each message group. @default false */
  readonly fifo?: boolean;
}

/** All contracts that the bus has to do with. */
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
        'One SNS topic, and a queue with a dead-letter queue for every consumer. A consumer gets what its filter policy lets through.',
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
      // What the bus itself says with internal events, producers may not publish.
      publish: operation('send', allVersions(contents.events.filter(({ internal }) => !internal)), {
        title: 'publish API',
        summary: 'POST /events, or the typed publisher.',
      }),
      ...Object.assign({}, ...contents.consumers.map(operationsOf)),
    },
    components: {
      messages: Object.fromEntries(
        versions.map((documented) => [documented.version.versionedType, topicMessage(documented, { fifo })]),
      ),
      schemas: { ...eventSchemas(versions, 'topic'), LargeData: LARGE_DATA },
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
    [`${name}.receive`]: {
      ...operation('receive', allVersions(listensTo), says),
      bindings: { sns: subscriptionOf(name) },
      ...filter,
    },
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

/** The queue gets the body and the attributes of a message as they were published. */
function subscriptionOf(name: string): object {
  return {
    consumers: [{ protocol: 'sqs', endpoint: { name }, rawMessageDelivery: true }],
    bindingVersion: '0.1.0',
  };
}

const AT_LEAST_ONCE =
  'A message arrives at least once; its source and id together tell whether it was there before, whatever its version. The message is the event: SNS delivers it raw.';
const IN_ANY_ORDER = `A standard topic: messages can arrive in any order. A message group makes queues fair, and keeps no order. ${AT_LEAST_ONCE}`;
const IN_ORDER = `A FIFO topic: messages of one group arrive in the order in which they were published. ${AT_LEAST_ONCE}`;
