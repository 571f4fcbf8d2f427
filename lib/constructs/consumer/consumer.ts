import { Stack, Tags } from 'aws-cdk-lib';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import { emitterName } from '../../contracts/envelope/consumer-source.ts';
import { acknowledgeObjects } from '../bus/data-bucket.ts';
import type { IEventBus } from '../bus/i-event-bus.ts';
import type { FunctionPlacement } from '../function/bundled-function.ts';
import { ConsumerAlarms } from '../monitoring/consumer-alarms.ts';
import { ConsumerRegistration } from '../receipts/consumer-registration.ts';
import { capitalize } from '../stack-name.ts';
import type { Stage } from '../stage.ts';
import { validateQueueName } from '../validation/names.ts';
import { validateConsumer } from '../validation/validate-consumer.ts';
import { ConsumerFunction } from './consumer-function.ts';
import { ConsumerMapping } from './consumer-mapping.ts';
import { planConsumer } from './consumer-plan.ts';
import { ConsumerQueues } from './consumer-queues.ts';
import { ConsumerTable } from './consumer-table.ts';
import { grantSendEmail } from './grant-send-email.ts';
import { grantStartExecution } from './grant-start-execution.ts';
import { largeDataPrefixes } from './permissions.ts';
import { StartFrom } from './start-from.ts';
import { TopicSubscription } from './topic-subscription.ts';
import { warnOfFilters } from './warn-of-filters.ts';
import { warnOfForgeable } from './warn-of-forgeable.ts';
import { withBreaker, withEnvironment } from './with-settings.ts';

/** Names the bus that a consumer listens to, on its stack or its queue. */
const BUS_TAG = 'fanfare:bus';

export interface ConsumerProps extends FunctionPlacement {
  /** What the consumer is: all that can be said without the CDK. */
  readonly definition: ConsumerDefinition;
  readonly bus: IEventBus;
  readonly stage: Stage;
  /** Path of the file that exports `handler`. @default - lambdas/<name>/handler.ts */
  readonly entry?: string | undefined;
  /**
   * Variables whose values are known only at synth, such as the address of a database. Beside those of the definition; one that is in
   * both has the value given here.
   *
   * @default - those of the definition alone
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * The topic that its alarms notify: an `AlarmTopic` of its own team, in its own account.
   *
   * @default - that of the bus
   */
  readonly alarmTopic?: ITopic | undefined;
  /** Encrypts its log; the policy of the key has to let CloudWatch use it. @default - what encrypts the logs of the bus, in the app of the bus */
  readonly logKey?: IKey | undefined;
}

/**
 * Everything that belongs to one consumer: its queues, the subscription that fills them, the function that empties
 * them, its tables, and the alarms over all of it. It needs the bus, and nothing of any other consumer.
 *
 * @throws Error when the definition cannot work on AWS, with the numbers and what to do
 */
export class Consumer extends Construct {
  readonly definition: ConsumerDefinition;
  readonly bus: IEventBus;
  readonly queues: ConsumerQueues;
  readonly subscription: TopicSubscription;
  readonly idempotencyTable: ConsumerTable;
  /** Its own tables, by role. */
  readonly tables: ReadonlyMap<string, ConsumerTable>;
  readonly function: ConsumerFunction;
  readonly eventSourceMapping: EventSourceMapping;
  readonly stage: Stage;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    const { bus, stage, entry, environment, alarmTopic, logKey, ...rest } = props;
    const parts = bus.partsIn(this);
    const definition = withBreaker(withEnvironment(rest.definition, environment), parts, bus.busName);
    const plan = planConsumer(definition, bus.fifo);
    validateQueueName(definition, stage);
    validateConsumer(plan);
    warnOfFilters(this, definition);
    warnOfForgeable(this, definition);
    this.definition = definition;
    this.bus = bus;
    this.stage = stage;
    this.queues = new ConsumerQueues(this, 'Queues', { plan, stage });
    this.subscription = new TopicSubscription(this, 'Topic', {
      topic: parts.topic,
      queue: this.queue,
      plan,
      stage,
    });
    this.idempotencyTable = new ConsumerTable(this, 'IdempotencyTable', {
      stage,
      keys: { partitionKey: 'id' },
      timeToLiveAttribute: 'expiresAt',
    });
    // Replays send to the queue, and receipts read the table.
    this.#tagForBus(this.queue, this.idempotencyTable);
    this.tables = new Map(
      Object.entries(definition.tables).map(([role, keys]) => [
        role,
        new ConsumerTable(this, `${capitalize(role)}Table`, {
          stage,
          keys,
          ...(keys.timeToLiveAttribute !== undefined && { timeToLiveAttribute: keys.timeToLiveAttribute }),
        }),
      ]),
    );
    const emitter = emitterName(definition.name, `${stage.app}-${stage.name}`, bus.busName);
    this.function = new ConsumerFunction(this, 'Function', {
      ...rest,
      parts: this,
      bus: parts,
      logKey: logKey ?? parts.logKey,
      xray: definition.tracing ?? bus.xray,
      emitter,
      stage,
      entry,
    });
    acknowledgeObjects(this, parts.dataBucket, largeDataPrefixes(definition.listensTo));
    if (definition.startFrom !== 'now')
      new StartFrom(this, 'StartFrom', {
        plan,
        label: emitter,
        queue: this.queue,
        idempotencyTable: this.idempotencyTable,
        subscription: this.subscription,
        replayFunctionArn: parts.replayFunctionArn,
      });
    if (parts.consumersPath !== undefined)
      new ConsumerRegistration(this, 'Registration', {
        path: parts.consumersPath,
        label: emitter,
        plan,
        idempotencyTable: this.idempotencyTable,
      });
    this.eventSourceMapping = new ConsumerMapping(this, 'EventSourceMapping', this);
    // The controller of the bus invokes the one and changes the other.
    if (breakerOf(definition)) this.#tagForBus(this.function, this.eventSourceMapping);
    // The code that can read a new version must be deployed before the filter lets it through.
    this.subscription.subscription.node.addDependency(this.function);
    new ConsumerAlarms(this, 'Alarms', {
      consumer: this,
      topic: alarmTopic ?? parts.alarmTopic,
      runbookUrl: bus.runbookUrl,
      plan,
      label: emitter,
      busName: bus.busName,
    });
  }

  /** The queue that the function is fed from. */
  get queue(): Queue {
    return this.queues.queue;
  }

  /** Keeps what the consumer has given up. */
  get deadLetterQueue(): Queue {
    return this.queues.deadLetterQueue;
  }

  /** One of its own tables. @throws Error when its definition has none of this role */
  table(role: string): ConsumerTable {
    const table = this.tables.get(role);
    if (table) return table;
    throw new Error(
      `consumer '${this.definition.name}' has no table '${role}'; its definition names ${[...this.tables.keys()].join(', ') || 'none'}`,
    );
  }

  /**
   * Lets the function send mail from this address with SES. It gets the address as `MAIL_FROM`.
   *
   * @param from an address that SES has verified, itself or a domain of it
   */
  grantSendEmail(from: string): Grant {
    return grantSendEmail(this, { sender: this.function, from, stage: this.stage });
  }

  /**
   * Lets the function start executions of a state machine, which it gets as `STATE_MACHINE_ARN`. See docs/long-work.md.
   *
   * @throws TypeError when it is an express workflow: those are started again by each attempt
   */
  grantStartExecution(stateMachine: IStateMachine): Grant {
    return grantStartExecution(this.function, stateMachine);
  }

  /** Functions of the bus reach what has this tag. A `ConsumerStack` has it, and all that is in it; another stack has not. */
  #tagForBus(...constructs: readonly IConstruct[]): void {
    const { busName } = this.bus;
    if (Stack.of(this).tags.tagValues()[BUS_TAG] === busName) return;
    for (const construct of constructs) Tags.of(construct).add(BUS_TAG, busName);
  }
}
