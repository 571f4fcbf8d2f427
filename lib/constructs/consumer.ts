import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import { ENVIRONMENT, tableVariable } from '../contracts/environment.ts';
import { acceptRules } from './accepted-rules.ts';
import { BundledFunction } from './bundled-function.ts';
import { ConsumerAlarms } from './consumer-alarms.ts';
import { planConsumer } from './consumer-plan.ts';
import { ConsumerQueues } from './consumer-queues.ts';
import { ConsumerTable } from './consumer-table.ts';
import { acknowledgeObjects } from './data-bucket.ts';
import type { EventBus } from './event-bus.ts';
import { consumerStatements, largeDataPrefixes } from './permissions.ts';
import { proveConsumer } from './proofs/prove-consumer.ts';
import { capitalize } from './stack-name.ts';
import type { Stage } from './stage.ts';
import { TopicSubscription } from './topic-subscription.ts';
import { warnOfFilters } from './warn-of-filters.ts';
import { warnOfForgeable } from './warn-of-forgeable.ts';

export interface ConsumerProps {
  readonly definition: ConsumerDefinition;
  readonly bus: EventBus;
  readonly stage: Stage;
  /** Path of the file that exports `handler`. @default - lambdas/<name>/handler.ts */
  readonly entry?: string | undefined;
}

/**
 * Everything that belongs to one consumer: its queues, the subscription that fills them, the function that empties
 * them, its tables, and the alarms over all of it. It needs the bus, and nothing of any other consumer.
 *
 * @throws Error when the definition cannot work on AWS, with the numbers and what to do
 */
export class Consumer extends Construct {
  readonly definition: ConsumerDefinition;
  readonly bus: EventBus;
  readonly queues: ConsumerQueues;
  readonly subscription: TopicSubscription;
  readonly idempotencyTable: ConsumerTable;
  /** Its own tables, by role. */
  readonly tables: ReadonlyMap<string, ConsumerTable>;
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, { definition, bus, stage, entry }: ConsumerProps) {
    super(scope, id);
    const plan = planConsumer(definition, bus.fifo);
    proveConsumer(plan);
    warnOfFilters(this, definition);
    warnOfForgeable(this, definition);
    this.definition = definition;
    this.bus = bus;
    this.queues = new ConsumerQueues(this, 'Queues', { plan, stage });
    this.subscription = new TopicSubscription(this, 'Topic', {
      topic: bus.topic,
      queue: this.queues.queue,
      plan,
      stage,
    });
    this.idempotencyTable = new ConsumerTable(this, 'IdempotencyTable', {
      stage,
      keys: { partitionKey: 'id' },
      timeToLiveAttribute: 'expiresAt',
    });
    this.tables = new Map(
      Object.entries(definition.tables).map(([role, keys]) => [
        role,
        new ConsumerTable(this, `${capitalize(role)}Table`, { stage, keys }),
      ]),
    );
    this.function = new BundledFunction(this, 'Function', {
      name: definition.name,
      entry,
      description: definition.description,
      stage,
      logKey: bus.dataKey,
      timeout: Duration.seconds(definition.timeoutSeconds),
      memorySize: definition.memoryMegabytes,
      environment: this.#environment(bus),
    });
    for (const statement of consumerStatements(this, bus)) this.function.addToRolePolicy(statement);
    acknowledgeObjects(this, bus.dataBucket, largeDataPrefixes(definition.listensTo));
    this.#mapQueueToFunction();
    // Before a deployment lets a new version through, the code that can read it has to be there.
    this.subscription.subscription.node.addDependency(this.function);
    new ConsumerAlarms(this, 'Alarms', { consumer: this, topic: bus.alarmTopic, plan });
  }

  #environment(bus: EventBus): Record<string, string> {
    const tables = [...this.tables].map(([role, { tableName }]) => [tableVariable(role), tableName] as const);
    return {
      [ENVIRONMENT.idempotencyTable]: this.idempotencyTable.tableName,
      [ENVIRONMENT.queueUrl]: this.queues.queue.queueUrl,
      [ENVIRONMENT.deadLetterQueueUrl]: this.queues.deadLetterQueue.queueUrl,
      [ENVIRONMENT.dataBucket]: bus.dataBucket.bucketName,
      ...(this.definition.emits.length > 0 && { [ENVIRONMENT.topicArn]: bus.topic.topicArn }),
      ...Object.fromEntries(tables),
    };
  }

  #mapQueueToFunction(): void {
    const { batchSize, batchingWindowSeconds, maxConcurrency } = this.definition;
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.queues.queue.queueArn,
      batchSize,
      ...(batchingWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchingWindowSeconds) }),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    acceptRules(mapping, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (this.function.role) mapping.node.addDependency(this.function.role);
  }
}
