import { Duration, Stack } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import { MAX_QUEUE_NAME_LENGTH } from '../aws-limits.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { ConsumerQueues, queueNameBegin } from '../consumer/consumer-queues.ts';
import { TopicSubscription } from '../consumer/topic-subscription.ts';
import { ArchiveAlarms } from '../monitoring/archive-alarms.ts';
import type { ArchiveSettings } from '../settings/archive-names.ts';
import type { Stage } from '../stage.ts';
import { ArchiveFunction } from './archive-function.ts';
import { type ArchivePlan, planArchive } from './archive-plan.ts';
import { ArchiveTable } from './archive-table.ts';
import { Replay } from './replay.ts';

export interface ArchiveProps {
  readonly bus: Pick<BusParts, 'topic' | 'dataBucket' | 'dataKey' | 'alarmTopic'> & {
    readonly busName: string;
    readonly fifo: boolean;
    readonly xray: boolean;
    readonly runbookUrl: string;
  };
  readonly settings: ArchiveSettings;
  readonly stage: Stage;
}

/**
 * Keeps every event of a bus in S3: one more queue on the topic, without a filter, and a function that writes what comes there to the bucket
 * of the bus, under `archive/`. See docs/archive.md.
 */
export class Archive extends Construct {
  readonly queues: ConsumerQueues;
  readonly subscription: TopicSubscription;
  readonly function: ArchiveFunction;
  readonly eventSourceMapping: EventSourceMapping;
  /** Sends what is archived to a consumer again. */
  readonly replay: Replay;

  constructor(scope: Construct, id: string, { bus, settings, stage }: ArchiveProps) {
    super(scope, id);
    const plan = planArchive(bus.fifo);
    requireQueueNames(this, bus.fifo);
    this.queues = new ConsumerQueues(this, 'Queues', { plan, stage, owner: 'Archive' });
    this.subscription = new TopicSubscription(this, 'Topic', {
      topic: bus.topic,
      queue: this.queue,
      plan,
      stage,
      owner: 'Archive',
    });
    this.function = new ArchiveFunction(this, 'Function', {
      bus,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      plan,
      stage,
      xray: bus.xray,
    });
    this.eventSourceMapping = this.#mapQueueToFunction(plan);
    new ArchiveAlarms(this, 'Alarms', { archive: this, bus, plan });
    this.replay = new Replay(this, 'Replay', { bus, archiveQueue: this.queue, stage });
    if (settings.table) new ArchiveTable(this, 'Table', bus);
  }

  /** The queue that the function is fed from. */
  get queue(): Queue {
    return this.queues.queue;
  }

  /** Keeps what could not be archived. */
  get deadLetterQueue(): Queue {
    return this.queues.deadLetterQueue;
  }

  #mapQueueToFunction({ batchSize, batchingWindowSeconds, maxConcurrency }: ArchivePlan): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      ...(batchingWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchingWindowSeconds) }),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    acceptRules(mapping, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (this.function.role) mapping.node.addDependency(this.function.role);
    return mapping;
  }
}

/** Part of the stack's id in the name of a queue: see `queueName`. */
const UNIQUE = '-12345678';

/** The queues of an archive and of its replays. Those of replays are FIFO on every bus. */
function longestQueueName(scope: Construct, fifo: boolean): string {
  const names = [
    ...(['ArchiveQueue', 'ArchiveDeadLetterQueue', 'ArchiveUndeliveredQueue'] as const).map((role) => ({
      role,
      end: fifo ? '.fifo' : '',
    })),
    ...(['ReplayQueue', 'ReplayDeadLetterQueue'] as const).map((role) => ({ role, end: '.fifo' })),
  ].map(({ role, end }) => `${queueNameBegin(scope, role)}${UNIQUE}${end}`);
  return names.reduce((longest, name) => (name.length > longest.length ? name : longest));
}

/** @throws Error that says by how much the names of the queues are too long */
function requireQueueNames(scope: Construct, fifo: boolean): void {
  const { length } = longestQueueName(scope, fifo);
  if (length <= MAX_QUEUE_NAME_LENGTH) return;
  throw new Error(
    `the archive of the bus ${Stack.of(scope).stackName} cannot work: one of its queues would have a name of ${length} characters, and SQS ` +
      `takes ${MAX_QUEUE_NAME_LENGTH}; make the name of the bus, the app or the stage ${length - MAX_QUEUE_NAME_LENGTH} shorter, or set -c archive=off`,
  );
}
