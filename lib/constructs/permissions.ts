import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
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
 * May publish to the encrypted topic.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
 */
export function publishStatements(bus: { readonly topic: ITopic; readonly key: IKey }): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [bus.topic.topicArn] }),
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [bus.key.keyArn] }),
  ];
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
    ...(own.length > 0 ? [new PolicyStatement({ actions: OWN_TABLE_ACTIONS, resources: own })] : []),
    ...(definition.emits.length > 0 ? publishStatements(bus) : []),
  ];
}
