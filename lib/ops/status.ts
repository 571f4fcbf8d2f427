import { GetMetricDataCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from './clients.ts';
import type { DeployedConsumer, Deployment } from './deployment.ts';
import { typesOfFilter } from './filter-types.ts';
import { queueName } from './queue-name.ts';

/** One consumer as it is now. */
export interface ConsumerStatus {
  readonly name: string;
  /** Types on the wire that its subscription lets through. */
  readonly types: readonly string[];
  /** As JSON. */
  readonly filterPolicy: string;
  readonly waiting: number;
  readonly inFlight: number;
  /** Undefined when nothing waits. */
  readonly oldestAgeSeconds?: number | undefined;
  readonly dead: number;
  readonly undelivered: number;
  /** Names of the alarms that are on. */
  readonly alarms: readonly string[];
}

export interface Status {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly consumers: readonly ConsumerStatus[];
}

/**
 * Looks at every queue and alarm of a deployment: four requests for each consumer, and two for all. What SQS says of the
 * number of messages is approximate.
 */
export async function readStatus(clients: OpsClients, deployment: Deployment): Promise<Status> {
  const { consumers } = deployment;
  const [alarms, ages, each] = await Promise.all([
    readAlarms(clients, deployment),
    readAges(clients, consumers),
    Promise.all(consumers.map((consumer) => readConsumer(clients, consumer))),
  ]);
  return {
    at: Date.now(),
    consumers: consumers.flatMap(({ name, stackName }, index) => {
      const read = each[index];
      const age = ages.get(name);
      return read
        ? [
            {
              name,
              ...read,
              oldestAgeSeconds: age !== undefined && age > 0 ? age : undefined,
              alarms: alarms.filter((alarm) => alarm.startsWith(`${stackName}-`)),
            },
          ]
        : [];
    }),
  };
}

type Read = Omit<ConsumerStatus, 'name' | 'oldestAgeSeconds' | 'alarms'>;

async function readConsumer(clients: OpsClients, consumer: DeployedConsumer): Promise<Read> {
  const [queue, dead, undelivered, subscription] = await Promise.all([
    countMessages(clients, consumer.queueUrl),
    countMessages(clients, consumer.deadLetterQueueUrl),
    countMessages(clients, consumer.undeliveredQueueUrl),
    clients.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: consumer.subscriptionArn })),
  ]);
  const filterPolicy = subscription.Attributes?.FilterPolicy ?? '{}';
  return {
    types: typesOfFilter(JSON.parse(filterPolicy)),
    filterPolicy,
    waiting: queue.waiting + queue.delayed,
    inFlight: queue.inFlight,
    dead: dead.waiting + dead.inFlight,
    undelivered: undelivered.waiting + undelivered.inFlight,
  };
}

interface MessageCounts {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** How many messages are where in a queue, approximately. */
export async function countMessages(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
): Promise<MessageCounts> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** Names of the alarms of a deployment that are on. */
async function readAlarms(
  { cloudWatch }: OpsClients,
  { stackName, stage }: Deployment,
): Promise<readonly string[]> {
  // The stacks of a stage have the first part of their names in common, and so have their alarms.
  const AlarmNamePrefix = stackName.slice(0, stackName.indexOf(`-${stage}-`) + stage.length + 2);
  const names: string[] = [];
  const pages = paginateDescribeAlarms({ client: cloudWatch }, { AlarmNamePrefix, StateValue: 'ALARM' });
  for await (const { MetricAlarms = [] } of pages) {
    names.push(...MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []));
  }
  return names;
}

const PERIOD_SECONDS = 60;
/** CloudWatch has the metrics of SQS a few minutes late. */
const LOOK_BACK_MS = 10 * 60_000;

/** Age of the oldest message in seconds, by consumer; SQS itself does not tell. */
async function readAges(
  { cloudWatch }: OpsClients,
  consumers: readonly DeployedConsumer[],
): Promise<ReadonlyMap<string, number>> {
  if (consumers.length === 0) return new Map();
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - LOOK_BACK_MS),
      EndTime: new Date(),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: consumers.map(({ queueUrl }, index) => ({
        Id: `q${index}`,
        MetricStat: {
          Period: PERIOD_SECONDS,
          Stat: 'Maximum',
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateAgeOfOldestMessage',
            Dimensions: [{ Name: 'QueueName', Value: queueName(queueUrl) }],
          },
        },
      })),
    }),
  );
  return new Map(
    MetricDataResults.flatMap(({ Id = '', Values = [] }) => {
      const consumer = consumers[Number(Id.slice(1))];
      return consumer && Values[0] !== undefined ? [[consumer.name, Values[0]] as const] : [];
    }),
  );
}
