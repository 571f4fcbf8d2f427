import { extname, join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ARCHIVE_PREFIX } from '../../archive/object-key.ts';
import { LARGE_DATA_PREFIX } from '../../contracts/envelope/large-data.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { acknowledgeObjects } from '../bus/data-bucket.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { dataKeyStatements, QUEUE_ACTIONS, TWO_HASHES } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Stage } from '../stage.ts';
import type { ArchivePlan } from './archive-plan.ts';

/** The file is a part of the package: a source in the repository, and JavaScript in what is installed. */
const ENTRY = join(import.meta.dirname, `../../archive/write/handler${extname(import.meta.filename)}`);

export interface ArchiveFunctionProps {
  readonly bus: Pick<BusParts, 'dataBucket' | 'dataKey'>;
  readonly queue: IQueue;
  /** Gets the messages that are no events. */
  readonly deadLetterQueue: IQueue;
  readonly plan: ArchivePlan;
  readonly stage: Stage;
  readonly xray: boolean;
}

/** The function that writes events to the archive. It may write there, read large data, and give up messages; nothing else. */
export class ArchiveFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: ArchiveFunctionProps) {
    const { bus, deadLetterQueue, plan, stage, xray } = props;
    super(scope, id, {
      name: 'archive',
      entry: ENTRY,
      description: 'Writes the events of the bus to its archive.',
      stage,
      xray,
      logKey: bus.dataKey,
      timeout: Duration.seconds(plan.timeoutSeconds),
      memorySize: plan.memoryMegabytes,
      environment: {
        [ENVIRONMENT.dataBucket]: bus.dataBucket.bucketName,
        [ENVIRONMENT.deadLetterQueueUrl]: deadLetterQueue.queueUrl,
      },
    });
    for (const statement of statements(props)) this.addToRolePolicy(statement);
    acknowledgeObjects(
      scope,
      bus.dataBucket,
      [ARCHIVE_PREFIX],
      'Every object has a key of its own, by time.',
    );
    acknowledgeObjects(scope, bus.dataBucket, [LARGE_DATA_PREFIX]);
  }
}

/** S3 answers 403 for large data that has expired, unless the function may list; so it may, but only whole keys. */
function statements({ bus, queue, deadLetterQueue }: ArchiveFunctionProps): PolicyStatement[] {
  const { dataBucket } = bus;
  return [
    new PolicyStatement({ actions: QUEUE_ACTIONS, resources: [queue.queueArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    new PolicyStatement({
      actions: ['s3:PutObject'],
      resources: [dataBucket.arnForObjects(`${ARCHIVE_PREFIX}*`)],
    }),
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [dataBucket.arnForObjects(`${LARGE_DATA_PREFIX}*`)],
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [dataBucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${LARGE_DATA_PREFIX}*/${TWO_HASHES}` } },
    }),
    ...dataKeyStatements(bus, 'kms:Decrypt'),
    ...dataKeyStatements(bus, 'kms:GenerateDataKey'),
  ];
}
