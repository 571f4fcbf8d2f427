import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ARCHIVE_PREFIX } from '../../archive/object-key.ts';
import { LARGE_DATA_PREFIX } from '../../contracts/envelope/large-data.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { sourceFile } from '../../project/source-file.ts';
import { acknowledgeObjects } from '../bus/data-bucket.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { acknowledgePatterns, mainQueues, ofBus } from '../consumer/main-queues.ts';
import { dataKeyStatements, putDataStatements, QUEUE_ACTIONS } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Stage } from '../stage.ts';

/** A part that takes longer is continued by another invocation. The longer, the later a lane goes on after a crash. */
export const REPLAY_TIMEOUT_SECONDS = 300;
const MEMORY_MEGABYTES = 512;

export interface ReplayFunctionProps {
  readonly bus: Pick<BusParts, 'dataBucket' | 'dataKey'> & {
    readonly busName: string;
    readonly xray: boolean;
  };
  readonly stage: Stage;
  /** The queue that the archive is fed from. */
  readonly archiveQueue: IQueue;
  readonly table: ITable;
  /** The queue of the parts of replays. */
  readonly queue: IQueue;
  readonly maxReceives: number;
}

/** The function that plans replays and sends their events. It sends to queues of consumers of its own bus, and to no other. */
export class ReplayFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: ReplayFunctionProps) {
    const { bus, stage, table, queue, archiveQueue, maxReceives } = props;
    super(scope, id, {
      name: 'replay',
      entry: sourceFile('../../archive/replay/handler', import.meta.url),
      description: 'Sends archived events to the queue of a consumer again.',
      stage,
      xray: bus.xray,
      logKey: bus.dataKey,
      timeout: Duration.seconds(REPLAY_TIMEOUT_SECONDS),
      memorySize: MEMORY_MEGABYTES,
      // Each part sends the next one to the function's own queue: what Lambda ends after 16 times is what it is for.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        [ENVIRONMENT.dataBucket]: bus.dataBucket.bucketName,
        [ENVIRONMENT.queueUrl]: queue.queueUrl,
        [ENVIRONMENT.archiveQueueUrl]: archiveQueue.queueUrl,
        [ENVIRONMENT.replayTable]: table.tableName,
        [ENVIRONMENT.maxReceives]: String(maxReceives),
      },
    });
    for (const statement of [
      ...ownStatements(props),
      ...readStatements(props),
      ...consumerStatements(this, bus),
    ])
      this.addToRolePolicy(statement);
    this.#acknowledge(scope, props);
  }

  #acknowledge(scope: Construct, { bus }: ReplayFunctionProps): void {
    acknowledgeObjects(scope, bus.dataBucket, [ARCHIVE_PREFIX, LARGE_DATA_PREFIX]);
    acknowledgePatterns(
      scope,
      ['dynamodb:<AWS::Region>:<AWS::AccountId>:table/*', '*'],
      'Consumers come and go without a change of the bus: a condition on the tag fanfare:bus names their queues and tables, and a pattern ' +
        'their main queues. cloudwatch:GetMetricData has no resource to name.',
    );
  }
}

function ownStatements({ table, queue }: ReplayFunctionProps): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [...QUEUE_ACTIONS, 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      resources: [queue.queueArn],
    }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: [table.tableArn],
    }),
  ];
}

/**
 * The archive, how complete it is, and large data that is put back. It may list the archive and nothing else; so of an object that is gone S3
 * says that it is forbidden, and the reader lists its key.
 */
function readStatements({ bus, archiveQueue }: ReplayFunctionProps): PolicyStatement[] {
  const { dataBucket } = bus;
  return [
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [dataBucket.arnForObjects(`${ARCHIVE_PREFIX}*`)],
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [dataBucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${ARCHIVE_PREFIX}*` } },
    }),
    new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: [archiveQueue.queueArn] }),
    new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
    ...putDataStatements(bus),
    ...dataKeyStatements(bus, 'kms:Decrypt'),
  ];
}

/**
 * Sends to the main queues of the consumers of this bus, and asks when queues and tables were created, which says how far back a fill may reach.
 * They have the name of the bus as a tag: that of their stack, or their own.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-abac.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html
 */
function consumerStatements(scope: Construct, { busName }: ReplayFunctionProps['bus']): PolicyStatement[] {
  const stack = Stack.of(scope);
  const tables = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: '*' });
  const conditions = ofBus(busName);
  return [
    new PolicyStatement({
      actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
      resources: mainQueues(scope),
      conditions,
    }),
    new PolicyStatement({ actions: ['dynamodb:DescribeTable'], resources: [tables], conditions }),
  ];
}
