import { Duration, Stack, Token } from 'aws-cdk-lib';
import { type EventPattern, type IEventBus as IEventBridgeBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventContract } from '../../contracts/define-event.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { acceptRules } from '../accepted-rules.ts';
import { MAX_RETENTION_SECONDS } from '../aws-limits.ts';
import { acknowledgeObjects } from '../bus/data-bucket.ts';
import type { BusParts, IEventBus } from '../bus/i-event-bus.ts';
import { queueDefaults } from '../consumer/consumer-queues.ts';
import { largeDataPrefixes, publishStatements, putDataStatements } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import { NotifyingAlarm } from '../monitoring/alarm.ts';
import { lyingIn } from '../monitoring/consumer-alarms.ts';
import type { Stage } from '../stage.ts';
import { validateBridge } from '../validation/validate-bridge.ts';

export interface FromEventBridgeProps {
  /** Name of the bridge in kebab-case: its folder under `lambdas/`, and the attribute `producer` of its events. */
  readonly name: string;
  /** The bus that the events come to. */
  readonly bus: IEventBus;
  readonly stage: Stage;
  /**
   * The bus of EventBridge that the events come from.
   *
   * @default - the default bus of the account, which has the events of AWS services
   */
  readonly eventBus?: IEventBridgeBus | undefined;
  /**
   * Which events come over. Each must have a mapping in the handler.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
   */
  readonly eventPattern: EventPattern;
  /**
   * The contracts of the mappings in the handler; one or more. Large data may be stored for these types only, and `fanfare who` lists the
   * bridge as their producer.
   */
  readonly publishes: readonly EventContract[];
  /** Path of the file that exports `handler`, made by `fromEventBridge`. @default - lambdas/<name>/handler.ts */
  readonly entry?: string | undefined;
  /**
   * The topic that its alarm notifies: an `AlarmTopic` of its own team, in its own account.
   *
   * @default - that of the bus
   */
  readonly alarmTopic?: ITopic | undefined;
  /** Encrypts its log; the policy of the key has to let CloudWatch use it. @default - what encrypts the logs of the bus, in the app of the bus */
  readonly logKey?: IKey | undefined;
}

const TIMEOUT = Duration.seconds(30);
const MEMORY_MEGABYTES = 256;

/**
 * Publishes events of a bus of EventBridge on a bus of Fanfare: a rule, and a function that turns each event into one of a contract. What
 * cannot be published is in the dead-letter queue, with the reason. See docs/bridges.md.
 *
 * @throws Error when its name is taken, or it publishes nothing
 */
export class FromEventBridge extends Construct {
  readonly function: BundledFunction;
  /** Keeps what could not be published, and what EventBridge could not deliver. */
  readonly deadLetterQueue: Queue;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: FromEventBridgeProps) {
    super(scope, id);
    const { name, bus, stage, eventBus, eventPattern, entry, alarmTopic, logKey } = props;
    validateBridge(props);
    const parts = bus.partsIn(this);
    this.deadLetterQueue = new BridgeDeadLetterQueue(this, 'DeadLetterQueue', stage);
    this.function = new BundledFunction(this, 'Function', {
      name,
      entry,
      description: 'Publishes events that come from EventBridge.',
      stage,
      xray: bus.xray,
      logKey: logKey ?? parts.logKey,
      timeout: TIMEOUT,
      memorySize: MEMORY_MEGABYTES,
      // The function may send to it, which Lambda does when three invocations have failed.
      deadLetterQueue: this.deadLetterQueue,
      environment: {
        [ENVIRONMENT.topicArn]: parts.topic.topicArn,
        [ENVIRONMENT.dataBucket]: parts.dataBucket.bucketName,
        [ENVIRONMENT.deadLetterQueueUrl]: this.deadLetterQueue.queueUrl,
      },
    });
    this.#allowPublishing(parts, props.publishes);
    this.rule = new Rule(this, 'Rule', {
      description: `Events that ${name} publishes.`,
      ...(eventBus && { eventBus }),
      eventPattern,
      targets: [new LambdaFunction(this.function, { deadLetterQueue: this.deadLetterQueue })],
    });
    new NotifyingAlarm(this, 'UnpublishedEvents', {
      metric: lyingIn(this.deadLetterQueue),
      description:
        `Events of EventBridge that ${name} could not publish are in its dead-letter queue. Read the reason (message attribute errorMessage, ` +
        'ErrorMessage or ERROR_MESSAGE), repair the cause, then invoke the function with them again.',
      topic: alarmTopic ?? parts.alarmTopic,
      runbookUrl: bus.runbookUrl,
    });
  }

  /** The bucket of a bus in another account takes no data from here. */
  #allowPublishing(parts: BusParts, publishes: readonly EventContract[]): void {
    const prefixes = isInOtherAccount(parts.topic, this) ? [] : largeDataPrefixes(publishes);
    const store = prefixes.length > 0 ? putDataStatements(parts, prefixes) : [];
    for (const statement of [...publishStatements(parts), ...store]) this.function.addToRolePolicy(statement);
    acknowledgeObjects(this, parts.dataBucket, prefixes);
  }
}

/** False when it is not known. */
function isInOtherAccount(topic: ITopic, scope: Construct): boolean {
  const accounts = [topic.env.account, Stack.of(scope).account];
  return !accounts.some((account) => Token.isUnresolved(account)) && new Set(accounts).size > 1;
}

/** Keeps messages as long as SQS can. No queue is its source: EventBridge, Lambda and the function itself fill it. */
class BridgeDeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, {
      ...queueDefaults(false, stage),
      retentionPeriod: Duration.seconds(MAX_RETENTION_SECONDS),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    acceptRules(this, 'SQS3', 'SQSRedrivePolicy');
  }
}
