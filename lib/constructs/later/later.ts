import { Duration, Stack } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CANCELLATION_KEY, CANCELLATION_TTL } from '../../later/cancellation-item.ts';
import { acceptRules } from '../accepted-rules.ts';
import { MAX_QUEUE_NAME_LENGTH, MAX_RETENTION_SECONDS } from '../aws-limits.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { ConsumerQueues, queueDefaults, queueName, queueNameBegin } from '../consumer/consumer-queues.ts';
import { ConsumerTable } from '../consumer/consumer-table.ts';
import { LaterAlarms } from '../monitoring/later-alarms.ts';
import type { Stage } from '../stage.ts';
import { LaterFunction } from './later-function.ts';
import { LATER_BATCH_SIZE, LATER_MAX_CONCURRENCY, LATER_PLAN } from './later-plan.ts';
import { ScheduleRole } from './schedule-role.ts';

export interface LaterProps {
  readonly bus: Pick<BusParts, 'topic' | 'key' | 'dataKey' | 'alarmTopic'> & {
    readonly xray: boolean;
    readonly runbookUrl: string;
  };
  readonly stage: Stage;
}

/**
 * Delivers events later: a queue that holds them for up to 15 minutes, one-off schedules for what comes after that, a table of what was
 * cancelled, and a function that publishes what is due. See docs/later.md.
 */
export class Later extends Construct {
  readonly queues: ConsumerQueues;
  /** Gets what EventBridge Scheduler could not send to the queue. */
  readonly scheduleDeadLetterQueue: Queue;
  readonly group: CfnScheduleGroup;
  /** EventBridge Scheduler sends with it. */
  readonly scheduleRole: ScheduleRole;
  readonly cancellations: ConsumerTable;
  readonly function: LaterFunction;

  constructor(scope: Construct, id: string, { bus, stage }: LaterProps) {
    super(scope, id);
    requireQueueNames(this);
    this.queues = new ConsumerQueues(this, 'Queues', { owner: 'Later', stage, plan: LATER_PLAN });
    this.scheduleDeadLetterQueue = new Queue(this, 'ScheduleDeadLetterQueue', {
      ...queueDefaults(false, stage),
      queueName: queueName(this, 'ScheduleDeadLetterQueue', false),
      retentionPeriod: Duration.seconds(MAX_RETENTION_SECONDS),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    acceptRules(this.scheduleDeadLetterQueue, 'SQSRedrivePolicy');
    this.group = new CfnScheduleGroup(this, 'Schedules');
    // With the group, all events would be gone that wait in it.
    this.group.applyRemovalPolicy(stage.removalPolicy);
    this.scheduleRole = new ScheduleRole(this, 'ScheduleRole', {
      groupArn: this.group.attrArn,
      queues: [this.queue, this.scheduleDeadLetterQueue],
    });
    this.cancellations = new ConsumerTable(this, 'Cancellations', {
      stage,
      keys: { partitionKey: CANCELLATION_KEY },
      timeToLiveAttribute: CANCELLATION_TTL,
    });
    this.function = new LaterFunction(this, 'Function', {
      bus,
      stage,
      queues: this.queues,
      scheduleDeadLetterQueue: this.scheduleDeadLetterQueue,
      cancellations: this.cancellations,
      groupName: this.group.ref,
      scheduleRole: this.scheduleRole,
    });
    this.#mapQueueToFunction();
    new LaterAlarms(this, 'Alarms', {
      queues: this.queues,
      scheduleDeadLetterQueue: this.scheduleDeadLetterQueue,
      topic: bus.alarmTopic,
      runbookUrl: bus.runbookUrl,
    });
  }

  /** Takes events that come later, and cancellations. */
  get queue(): Queue {
    return this.queues.queue;
  }

  #mapQueueToFunction(): void {
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: LATER_BATCH_SIZE,
      maxConcurrency: LATER_MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    });
    acceptRules(mapping, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (this.function.role) mapping.node.addDependency(this.function.role);
  }
}

/** Part of the stack's id in the name of a queue: see `queueName`. */
const UNIQUE = '-12345678';

/** @throws Error that says by how much the names of the queues are too long */
function requireQueueNames(scope: Construct): void {
  const { length } = `${queueNameBegin(scope, 'ScheduleDeadLetterQueue')}${UNIQUE}`;
  if (length <= MAX_QUEUE_NAME_LENGTH) return;
  throw new Error(
    `the bus ${Stack.of(scope).stackName} cannot work: one of its queues would have a name of ${length} characters, and SQS takes ` +
      `${MAX_QUEUE_NAME_LENGTH}; make the name of the bus, the app or the stage ${length - MAX_QUEUE_NAME_LENGTH} shorter`,
  );
}
