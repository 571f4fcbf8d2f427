import { Duration } from 'aws-cdk-lib';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import { MAX_RETENTION_SECONDS } from '../aws-limits.ts';
import { queueDefaults, queueName } from '../consumer/consumer-queues.ts';
import type { Stage } from '../stage.ts';

export interface ControlQueuesProps {
  readonly stage: Stage;
  /** How long SQS hides a message that the controller has not hidden itself. */
  readonly visibilitySeconds: number;
}

/**
 * The control queue of a bus, and where the controller puts messages that it cannot read. SQS moves nothing there: a message of the control
 * queue is a timer, which is received thousands of times in a long outage.
 */
export class ControlQueues extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { stage, visibilitySeconds }: ControlQueuesProps) {
    super(scope, id);
    const retentionPeriod = Duration.seconds(MAX_RETENTION_SECONDS);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...queueDefaults(false, stage),
      queueName: queueName(this, 'ControlDeadLetterQueue', false),
      retentionPeriod,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    acceptRules(this.deadLetterQueue, 'SQSRedrivePolicy', 'SQS3');
    this.queue = new Queue(this, 'Queue', {
      ...queueDefaults(true, stage),
      queueName: queueName(this, 'ControlQueue', true),
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      retentionPeriod,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    acceptRules(this.queue, 'SQSRedrivePolicy', 'SQS3');
  }
}
