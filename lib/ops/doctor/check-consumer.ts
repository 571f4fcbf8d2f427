import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { MAX_RETENTION_DAYS } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import { undefinedIfMissing } from '../problem.ts';
import { readFilter } from '../read-filter.ts';
import type { Finding } from './finding.ts';
import { look } from './look.ts';
import { type DeployedStack, readResources } from './read-stacks.ts';

interface ConsumerOptions {
  readonly where: Whereabouts;
  readonly knownTypes: readonly string[];
}

/**
 * Checks what no template shows: dead and undelivered messages, a filter that matches no known event, and other functions that receive the
 * consumer's messages.
 */
export async function checkConsumer(
  clients: OpsClients,
  stack: DeployedStack,
  { where, knownTypes }: ConsumerOptions,
): Promise<readonly Finding[]> {
  const { stackName, tags, outputs } = stack;
  const name = tags['fanfare:consumer'];
  if (name === undefined) return [];
  const output = (key: string): string => {
    const value = outputs[key];
    if (value === undefined) throw new Error(`stack ${stackName} has no output ${key}; deploy it again`);
    return value;
  };
  const [dead, undelivered, subscription, queue] = [
    `dead-letter queue of ${name}`,
    `undelivered queue of ${name}`,
    `subscription of ${name}`,
    `queue of ${name}`,
  ];
  const found = await Promise.all([
    look(dead, async () => describeDead(name, await count(clients, output('DeadLetterQueueUrl')), where)),
    look(undelivered, async () =>
      describeUndelivered(name, await count(clients, output('UndeliveredQueueUrl')), where),
    ),
    look(subscription, () => checkFilter(clients, { name, arn: output('SubscriptionArn'), knownTypes })),
    look(queue, () => checkReaders(clients, stack, { name, queueUrl: output('QueueUrl') })),
  ]);
  return found.flat();
}

/** The contracts are those of the app's first bus: what a consumer of another bus takes is not judged by them. */
export function knownTo(
  { tags }: DeployedStack,
  own: readonly DeployedStack[],
  knownTypes: readonly string[],
): readonly string[] {
  const first = own.find((stack) => stack.tags['fanfare:role'] === 'bus');
  const bus = tags['fanfare:bus'] ?? first?.stackName;
  return bus === first?.stackName ? knownTypes : [];
}

/** Number of messages in a queue; 0 when the queue does not exist, which the comparison with the template reports. */
export async function count(clients: Pick<OpsClients, 'sqs'>, queueUrl: string): Promise<number> {
  const counts = await undefinedIfMissing(countMessages(clients, queueUrl));
  return counts ? totalOf(counts) : 0;
}

function describeDead(name: string, dead: number, where: Whereabouts): readonly Finding[] {
  if (dead === 0) return [];
  const what = dead === 1 ? '1 dead letter, which expires' : `${dead} dead letters, which expire`;
  return [
    {
      severity: 'warning',
      resource: `dead-letter queue of ${name}`,
      detail: `holds ${what} ${MAX_RETENTION_DAYS} days after ${dead === 1 ? 'it was' : 'they were'} published`,
      remedy: fanfareCommand(`dlq list ${name}`, where),
    },
  ];
}

function describeUndelivered(name: string, undelivered: number, where: Whereabouts): readonly Finding[] {
  if (undelivered === 0) return [];
  const redrive = fanfareCommand(`dlq redrive ${name} --undelivered`, where);
  return [
    {
      severity: 'error',
      resource: `undelivered queue of ${name}`,
      detail: `SNS could not deliver ${undelivered === 1 ? '1 event' : `${undelivered} events`} to its queue`,
      remedy: `correct the policies of the queue, then send ${undelivered === 1 ? 'it' : 'them'} to the queue: ${redrive}`,
    },
  ];
}

interface FilterSubject {
  readonly name: string;
  readonly arn: string;
  readonly knownTypes: readonly string[];
}

async function checkFilter(
  { sns }: Pick<OpsClients, 'sns'>,
  { name, arn, knownTypes }: FilterSubject,
): Promise<readonly Finding[]> {
  const { types = [] } = (await undefinedIfMissing(readFilter({ sns }, { subscriptionArn: arn }))) ?? {};
  if (knownTypes.length === 0 || types.length === 0 || types.some((type) => knownTypes.includes(type)))
    return [];
  return [
    {
      severity: 'error',
      resource: `subscription of ${name}`,
      detail: `accepts only ${types.join(', ')}, and there is no such contract: no event matches`,
      remedy: 'compare the consumer with events/',
    },
  ];
}

/** Reports event source mappings of the queue that are not in its stack: they receive a part of the consumer's events. */
export async function checkReaders(
  clients: OpsClients,
  stack: DeployedStack,
  { name, queueUrl: QueueUrl }: { readonly name: string; readonly queueUrl: string },
): Promise<readonly Finding[]> {
  const answer = await undefinedIfMissing(
    clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })),
  );
  const EventSourceArn = answer?.Attributes?.QueueArn;
  if (EventSourceArn === undefined) return [];
  const lambda = await clients.lambda();
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn }),
  );
  if (EventSourceMappings.length === 0) return [];
  const own = new Set(
    [...(await readResources(clients, stack)).values()].map(({ physicalId }) => physicalId),
  );
  return EventSourceMappings.filter(({ UUID = '' }) => !own.has(UUID)).map(({ UUID, FunctionArn }) => ({
    severity: 'error',
    resource: `queue of ${name}`,
    detail: `is read by ${FunctionArn} too, which gets a part of its events: the mapping ${UUID} is not in the stack`,
    remedy: `find the owner of the mapping, and delete it: aws lambda delete-event-source-mapping --uuid ${UUID}`,
  }));
}
