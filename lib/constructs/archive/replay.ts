import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EXPIRES_AT } from '../../archive/replay-retention.ts';
import { acceptRules } from '../accepted-rules.ts';
import { MAX_RETENTION_SECONDS } from '../aws-limits.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { ConsumerQueues } from '../consumer/consumer-queues.ts';
import { ConsumerTable } from '../consumer/consumer-table.ts';
import { NotifyingAlarm } from '../monitoring/alarm.ts';
import { lyingIn } from '../monitoring/consumer-alarms.ts';
import type { Stage } from '../stage.ts';
import { REPLAY_TIMEOUT_SECONDS, ReplayFunction } from './replay-function.ts';

export interface ReplayProps {
  readonly bus: Pick<BusParts, 'dataBucket' | 'dataKey' | 'alarmTopic'> & {
    readonly busName: string;
    readonly xray: boolean;
    readonly runbookUrl: string;
  };
  /** The queue that the archive is fed from: what waits in it is not archived yet. */
  readonly archiveQueue: IQueue;
  readonly stage: Stage;
}

/** A message is tried five times, with pauses up to five minutes, before its replay has failed. */
const MAX_RECEIVES = 5;
/**
 * Twice the time of an invocation, and not six times as for a consumer: a lane has one message, and waits so long after a crash. Lambda does
 * not throttle a function that has one invocation for each lane.
 */
const VISIBILITY_SECONDS = 2 * REPLAY_TIMEOUT_SECONDS;
/** As of every queue here. A part waits for the parts of its lane before it, of which each has one message. */
const QUEUE_RETENTION_SECONDS = 604_800;

/**
 * Sends archived events to the queue of one consumer again: a table of replays and their parts, and a function that works on one part after
 * the other, as fast as each replay may be. See docs/replay.md.
 */
export class Replay extends Construct {
  readonly table: ConsumerTable;
  readonly queues: ConsumerQueues;
  readonly function: ReplayFunction;

  constructor(scope: Construct, id: string, { bus, archiveQueue, stage }: ReplayProps) {
    super(scope, id);
    this.table = new ConsumerTable(this, 'Table', {
      stage,
      keys: { partitionKey: 'replay', sortKey: 'part' },
      timeToLiveAttribute: EXPIRES_AT,
    });
    this.queues = new ConsumerQueues(this, 'Queues', {
      owner: 'Replay',
      stage,
      plan: {
        fifo: true,
        visibilitySeconds: VISIBILITY_SECONDS,
        maxReceiveCount: MAX_RECEIVES,
        queueRetentionSeconds: QUEUE_RETENTION_SECONDS,
        deadLetterRetentionSeconds: MAX_RETENTION_SECONDS,
      },
    });
    this.function = new ReplayFunction(this, 'Function', {
      bus,
      stage,
      archiveQueue,
      table: this.table,
      queue: this.queues.queue,
      maxReceives: MAX_RECEIVES,
    });
    this.#mapQueueToFunction();
    new NotifyingAlarm(this, 'ReplayFailed', {
      metric: lyingIn(this.queues.deadLetterQueue),
      description:
        'A part of a replay has failed for good, and what follows it is not sent. fanfare replay list says which replay, fanfare replay show why. ' +
        'Repair the cause, then resume the replay.',
      topic: bus.alarmTopic,
      runbookUrl: bus.runbookUrl,
    });
  }

  /** Its message groups are lanes, of which Lambda works on one message at a time: they limit how many functions run. */
  #mapQueueToFunction(): void {
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.queues.queue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
    });
    acceptRules(mapping, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (this.function.role) mapping.node.addDependency(this.function.role);
  }
}
