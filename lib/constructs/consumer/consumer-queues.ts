import { Aws, Duration, Fn, Stack } from 'aws-cdk-lib';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  type IQueue,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';
import type { ConsumerPlan } from './consumer-plan.ts';

/** The role of a queue; a part of its name. Those of a bus say what they are queues of. */
export type QueueRole = `${QueueOwner}${'Queue' | 'DeadLetterQueue' | 'UndeliveredQueue'}`;

/** What a queue belongs to in its stack: nothing but the consumer, or a part of a bus. */
export type QueueOwner = '' | 'Archive' | 'Later' | 'Replay' | 'Schedule';

/**
 * What all queues have in common: encrypted by SQS itself, which SNS can write to without a key of ours; TLS only; and kept
 * with their messages when the stage says so, whether their stack is destroyed or an update replaces them.
 */
export function queueDefaults(fifo: boolean, stage: Stage): QueueProps {
  return {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: stage.removalPolicy,
    ...(fifo && {
      fifo,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }),
  };
}

/** The numbers of a queue and its dead-letter queue. */
export type QueuePlan = Pick<
  ConsumerPlan,
  'fifo' | 'visibilitySeconds' | 'maxReceiveCount' | 'queueRetentionSeconds' | 'deadLetterRetentionSeconds'
>;

export interface ConsumerQueuesProps {
  readonly plan: QueuePlan;
  readonly stage: Stage;
  /** @default - the stack is that of one consumer */
  readonly owner?: QueueOwner;
}

/** The queue of a consumer and its dead-letter queue, which serves this one queue and no other. */
export class ConsumerQueues extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { plan, stage, owner = '' }: ConsumerQueuesProps) {
    super(scope, id);
    const { fifo } = plan;
    const name = queueName(this, `${owner}Queue`, fifo);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...queueDefaults(fifo, stage),
      queueName: queueName(this, `${owner}DeadLetterQueue`, fifo),
      retentionPeriod: Duration.seconds(plan.deadLetterRetentionSeconds),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [queueNamed(this, name)],
      },
    });
    acceptRules(this.deadLetterQueue, 'SQSRedrivePolicy');
    this.queue = new Queue(this, 'Queue', {
      ...queueDefaults(fifo, stage),
      queueName: name,
      visibilityTimeout: Duration.seconds(plan.visibilitySeconds),
      retentionPeriod: Duration.seconds(plan.queueRetentionSeconds),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: plan.maxReceiveCount,
      },
    });
  }
}

/**
 * The name of a queue of a consumer. A queue and its dead-letter queue name each other, which CloudFormation cannot resolve
 * unless one of the names is known beforehand; and the length of a known name can be checked, with the `.fifo` that some
 * need. It is made as CloudFormation makes its own: the stack's name, the role and a part of the stack's id, so that it is
 * free again at once when the stack is destroyed.
 */
export function queueName(scope: Construct, role: QueueRole, fifo: boolean): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const unique = Fn.select(0, Fn.split('-', stackUuid));
  return `${queueNameBegin(scope, role)}-${unique}${fifo ? '.fifo' : ''}`;
}

/** How the name of a queue begins, in any deployment of its stack. */
export function queueNameBegin(scope: Construct, role: QueueRole): string {
  return `${Stack.of(scope).stackName}-${role}`;
}

function queueNamed(scope: Construct, resource: string): IQueue {
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource });
  return Queue.fromQueueAttributes(scope, 'QueueByName', { queueArn });
}
