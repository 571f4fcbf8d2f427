import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { LARGE_DATA_PREFIX, largeDataPrefix } from '../../contracts/envelope/large-data.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import type { ConsumerQueues } from './consumer-queues.ts';
import type { ConsumerTable } from './consumer-table.ts';

/** Reads and writes of items in a handler's own tables, as the testing kit knows them; nothing that changes a table itself. */
const OWN_TABLE_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
];

/**
 * Permission to publish to the encrypted topic. The key may be used through SNS only: a publisher cannot decrypt messages by itself.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function publishStatements({ topic, key }: Pick<BusParts, 'topic' | 'key'>): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.amazonaws.com` } },
    }),
  ];
}

/** Permission to send events that come later. */
export function sendLaterStatements({ laterQueue }: Pick<BusParts, 'laterQueue'>): PolicyStatement[] {
  return [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [laterQueue.queueArn] })];
}

/**
 * Permission to store data that is too large for a message.
 *
 * @param prefixes of what: `largeDataPrefixes` says it of events. Default: of all
 */
export function putDataStatements(
  bus: Pick<BusParts, 'dataBucket' | 'dataKey'>,
  prefixes: readonly string[] = [LARGE_DATA_PREFIX],
): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:PutObject'],
      resources: prefixes.map((prefix) => bus.dataBucket.arnForObjects(`${prefix}*`)),
    }),
    ...dataKeyStatements(bus, 'kms:GenerateDataKey'),
  ];
}

/** Permission to use the key of large data, if there is one, through S3 only. */
export function dataKeyStatements(
  { dataKey }: Pick<BusParts, 'dataKey'>,
  action: 'kms:Decrypt' | 'kms:GenerateDataKey',
): PolicyStatement[] {
  if (dataKey === undefined) return [];
  return [
    new PolicyStatement({
      actions: [action],
      resources: [dataKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
    }),
  ];
}

/** The part of a key after its type: two hashes. A pattern can only give their length. */
export const TWO_HASHES = `${'?'.repeat(64)}/${'?'.repeat(64)}`;

/**
 * Permission to read large data of the types that the consumer listens to. Without the permission to list, S3 answers 403 for an expired
 * object, as if it might exist; so listing is allowed, but only of whole keys, which shows nothing that the consumer does not know.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function getDataStatements(
  { listensTo }: Pick<ConsumerDefinition, 'listensTo'>,
  { dataBucket }: Pick<BusParts, 'dataBucket'>,
): PolicyStatement[] {
  const prefixes = largeDataPrefixes(listensTo);
  return [
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: prefixes.map((prefix) => dataBucket.arnForObjects(`${prefix}*`)),
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [dataBucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}${TWO_HASHES}`) } },
    }),
  ];
}

/** Prefixes of the large data of these events, all versions included. */
export function largeDataPrefixes(events: readonly EventContract[]): readonly string[] {
  return events.flatMap(({ versions }) =>
    versions.map(({ versionedType }) => largeDataPrefix(versionedType)),
  );
}

/** The parts of a consumer that its function works with. */
export interface ConsumerParts {
  readonly definition: ConsumerDefinition;
  readonly queues: ConsumerQueues;
  readonly idempotencyTable: ConsumerTable;
  /** Its own tables, by role. */
  readonly tables: ReadonlyMap<string, ConsumerTable>;
}

/** What Lambda does with the role of a function that a queue feeds. */
export const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Permissions of a consumer's function: its own queue, tables and dead-letter queue, and publishing if it emits. */
export function consumerStatements(consumer: ConsumerParts, bus: BusParts): PolicyStatement[] {
  const { definition, queues, idempotencyTable, tables } = consumer;
  const own = [...tables.values()].map(({ tableArn }) => tableArn);
  return [
    new PolicyStatement({
      actions: [...QUEUE_ACTIONS, 'sqs:ChangeMessageVisibility'],
      resources: [queues.queue.queueArn],
    }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queues.deadLetterQueue.queueArn] }),
    new PolicyStatement({
      actions: [
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ],
      resources: [idempotencyTable.tableArn],
    }),
    ...getDataStatements(definition, bus),
    ...dataKeyStatements(bus, 'kms:Decrypt'),
    ...(own.length > 0 ? [new PolicyStatement({ actions: OWN_TABLE_ACTIONS, resources: own })] : []),
    ...(definition.emits.length > 0 ? publishStatements(bus) : []),
    ...(definition.emitsLater ? sendLaterStatements(bus) : []),
  ];
}

/**
 * Permissions of a consumer with a breaker: it asks for being stopped, and reads whether it is. It sees its own state alone.
 *
 * @param consumer what it is called in the deployment
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function breakerStatements(
  scope: Construct,
  { controlQueue, intakeTableName }: Pick<BusParts, 'controlQueue' | 'intakeTableName'>,
  consumer: string,
): PolicyStatement[] {
  const table = Stack.of(scope).formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: intakeTableName,
  });
  return [
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [controlQueue.queueArn] }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: [table],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [consumer] } },
    }),
  ];
}
