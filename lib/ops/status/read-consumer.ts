import type { OpsClients } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import { readFilter } from '../read-filter.ts';

/** State of a consumer, read from SQS and SNS. A value that could not be read is null, and is named in `problems`. */
export interface ConsumerReading {
  /** Versioned event types that its subscription accepts; empty when it does not filter by type. */
  readonly types: readonly string[] | null;
  /** The filter policy as JSON. */
  readonly filterPolicy: string | null;
  /** Messages that wait, with delayed ones. */
  readonly waiting: number | null;
  readonly inFlight: number | null;
  /** The oldest message is late when it is older than this: the visibility timeout plus the delay of the queue. */
  readonly lateAfterSeconds: number | null;
  readonly dead: number | null;
  readonly undelivered: number | null;
  readonly problems: readonly Problem[];
}

/** The reading of a consumer when nothing could be read. */
export const UNKNOWN: ConsumerReading = {
  types: null,
  filterPolicy: null,
  waiting: null,
  inFlight: null,
  lateAfterSeconds: null,
  dead: null,
  undelivered: null,
  problems: [],
};

/** Reads the queues and the subscription of a consumer: four requests. */
export async function readConsumer(
  clients: Pick<OpsClients, 'sns' | 'sqs'>,
  consumer: DeployedConsumer,
): Promise<ConsumerReading> {
  const { queueUrl, deadLetterQueueUrl, undeliveredQueueUrl, subscriptionArn } = consumer;
  const read = (resource: string, url: string) =>
    attempt({ resource, name: queueName(url) }, countMessages(clients, url));
  const [queue, dead, undelivered, subscription] = await Promise.all([
    read('queue', queueUrl),
    read('dead-letter queue', deadLetterQueueUrl),
    read('undelivered queue', undeliveredQueueUrl),
    attempt({ resource: 'subscription', name: subscriptionArn }, readFilter(clients, consumer)),
  ]);
  return {
    types: subscription.value?.types ?? null,
    filterPolicy: subscription.value?.filterPolicy ?? null,
    waiting: queue.value && queue.value.waiting + queue.value.delayed,
    inFlight: queue.value?.inFlight ?? null,
    lateAfterSeconds: queue.value && queue.value.visibilitySeconds + queue.value.delaySeconds,
    dead: dead.value && totalOf(dead.value),
    undelivered: undelivered.value && totalOf(undelivered.value),
    problems: [queue, dead, undelivered, subscription].flatMap(({ problems }) => problems),
  };
}
