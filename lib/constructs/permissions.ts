import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { LARGE_DATA_PREFIX, largeDataPrefix } from '../contracts/large-data.ts';
import type { Consumer } from './consumer.ts';
import type { EventBus } from './event-bus.ts';

/** Whatever a handler may do with a table of its own, but not with the table itself. */
const OWN_TABLE_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

/**
 * May publish to the encrypted topic. Its key may be used for that only, through SNS: a publisher cannot decrypt by itself what it
 * has got hold of.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function publishStatements({
  topic,
  key,
}: {
  readonly topic: ITopic;
  readonly key: IKey;
}): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${topic.env.region}.amazonaws.com` } },
    }),
  ];
}

/**
 * May put data aside that is too large for a message.
 *
 * @param prefixes of what: `largeDataPrefixes` says it of events. Default: of all
 */
export function putDataStatements(
  bus: Pick<EventBus, 'dataBucket' | 'dataKey'>,
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

/** May use the key of large data, when there is one, through S3 only. */
function dataKeyStatements(
  { dataKey }: Pick<EventBus, 'dataKey'>,
  action: 'kms:Decrypt' | 'kms:GenerateDataKey',
): PolicyStatement[] {
  if (dataKey === undefined) return [];
  return [
    new PolicyStatement({
      actions: [action],
      resources: [dataKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${dataKey.env.region}.amazonaws.com` } },
    }),
  ];
}

/** The part of a key behind its type: two hashes, of which a pattern can only say how long they are. */
const TWO_HASHES = `${'?'.repeat(64)}/${'?'.repeat(64)}`;

/**
 * May get such data, of the types that it listens to. Of what has expired S3 says that it is forbidden, as if it might be there; so
 * it may also ask whether there is an object with a whole key, which lists nothing that it does not know.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function getDataStatements(
  { listensTo }: Pick<ConsumerDefinition, 'listensTo'>,
  { dataBucket }: Pick<EventBus, 'dataBucket'>,
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

/** Where the large data of these events lies, of every version of them. */
export function largeDataPrefixes(events: readonly EventContract[]): readonly string[] {
  return events.flatMap(({ versions }) =>
    versions.map(({ versionedType }) => largeDataPrefix(versionedType)),
  );
}

/** What a consumer's function may do: with its own queue, tables and dead-letter queue, and publish if it emits. */
export function consumerStatements(consumer: Consumer, bus: EventBus): PolicyStatement[] {
  const { definition, queues, idempotencyTable, tables } = consumer;
  const own = [...tables.values()].map(({ tableArn }) => tableArn);
  return [
    new PolicyStatement({
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
      ],
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
  ];
}
