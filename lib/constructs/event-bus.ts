import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EventContract } from '../contracts/define-event.ts';
import { ENVIRONMENT } from '../contracts/environment.ts';
import { LARGE_DATA_PREFIX } from '../contracts/large-data.ts';
import type { ProducerDefinition } from '../contracts/producers/define-producer.ts';
import { producerRule } from '../contracts/producers/producer-rule.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { BundledFunction } from './bundled-function.ts';
import { BusAlarms } from './bus-alarms.ts';
import { ConsumerTable } from './consumer-table.ts';
import { acknowledgeObjects, DataBucket } from './data-bucket.ts';
import { DataKey } from './data-key.ts';
import { writeDocuments } from './documents.ts';
import { EventTopic } from './event-topic.ts';
import { EventsApi } from './events-api.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { publishStatements, putDataStatements } from './permissions.ts';
import { proveFilterPolicyCount } from './proofs/filter-policy.ts';
import { proveProducers } from './proofs/producers.ts';
import type { Settings } from './settings.ts';
import type { Stage } from './stage.ts';
import { tellVersions } from './tell-versions.ts';

/**
 * A little less than the 30 s that the HTTP API waits, so that a late answer is still this function's own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const PUBLISH_TIMEOUT = Duration.seconds(28);
const PUBLISH_MEMORY_MEGABYTES = 512;

export interface EventBusProps {
  readonly settings: Settings;
  /**
   * Keeps the order of events with the same partitionkey, at a lower throughput. Cannot be changed later: it makes
   * another topic.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
   */
  readonly fifo?: boolean;
  /** Path of the file that exports the publish function's `handler`. @default - lambdas/publish/handler.ts */
  readonly publishEntry?: string;
  /**
   * What the publish function takes. It is told at synth who listens to which version of it.
   *
   * @default - only what the consumers emit and take
   */
  readonly events?: readonly EventContract[];
  /**
   * Who may publish what over the HTTP API. With one declared, callers that are none of them may publish nothing.
   *
   * @default - whoever may call the API may publish whatever is not a consumer's
   */
  readonly producers?: readonly ProducerDefinition[];
}

/**
 * The topic that every event goes through, the HTTP API in front of it, and the topic of the alarms. It knows no
 * consumer: what one may need is exported beforehand, so that the first or the fifth changes nothing here.
 */
export class EventBus extends Construct {
  readonly fifo: boolean;
  readonly topic: ITopic;
  readonly key: Key;
  /** Encrypts logs and large data. @default - the keys of CloudWatch and S3 themselves */
  readonly dataKey: DataKey | undefined;
  readonly dataBucket: DataBucket;
  readonly alarmTopic: ITopic;
  readonly publish: BundledFunction;
  readonly api: EventsApi;

  constructor(
    scope: Construct,
    id: string,
    { settings, fifo = false, publishEntry, events = [], producers = [] }: EventBusProps,
  ) {
    super(scope, id);
    const { stage, alarmEmail } = settings;
    this.fifo = fifo;
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the events and alarms that pass through SNS.',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });
    this.topic = new EventTopic(this, 'Topic', { key: this.key, fifo });
    this.dataKey = settings.dataKey === 'own' ? new DataKey(this, 'DataKey', stage) : undefined;
    this.dataBucket = new DataBucket(this, 'Data', { stage, key: this.dataKey });
    this.alarmTopic = new AlarmTopic(this, 'Alarms', { key: this.key, email: alarmEmail }).topic;
    this.publish = new BundledFunction(this, 'PublishFunction', {
      name: 'publish',
      entry: publishEntry,
      description: 'Checks events that come over HTTP and publishes them.',
      stage,
      logKey: this.dataKey,
      timeout: PUBLISH_TIMEOUT,
      memorySize: PUBLISH_MEMORY_MEGABYTES,
      reservedConcurrentExecutions: settings.brakes.publishConcurrency,
      environment: {
        [ENVIRONMENT.topicArn]: this.topic.topicArn,
        [ENVIRONMENT.dataBucket]: this.dataBucket.bucketName,
        [ENVIRONMENT.maxRequestBytes]: String(settings.brakes.maxRequestBytes),
        ...this.#declare(producers),
      },
    });
    for (const statement of [...publishStatements(this), ...putDataStatements(this)])
      this.publish.addToRolePolicy(statement);
    if (producers.some(({ eventsPerMinute }) => eventsPerMinute !== undefined)) this.#countEvents(stage);
    acknowledgeObjects(this, this.dataBucket, [LARGE_DATA_PREFIX]);
    this.api = new EventsApi(this, 'Http', { publish: this.publish, settings, logKey: this.dataKey });
    new BusAlarms(this, 'BusAlarms', { bus: this, brakes: settings.brakes });
    const { monthlyBudget: dollars } = settings.brakes;
    if (dollars !== undefined && alarmEmail !== undefined) {
      new MonthlyBudget(this, 'Budget', { dollars, email: alarmEmail, stage: stage.name });
    }
    this.exportForConsumers();
    this.node.addValidation({ validate: () => proveFilterPolicyCount(this.node.root) });
    // An aspect, because it has to see the consumers, which come later.
    Aspects.of(this).add({ visit: (node) => node === this && tellVersions(this, events) });
    writeDocuments(this, events, settings);
  }

  /**
   * Lets a role or user publish over the HTTP API: everything, or these events only, in any of their versions and each by the path of its
   * type (`POST /events/shop.OrderPlaced`), as the typed publisher does.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
   */
  grantPublish(grantee: IGrantable, events?: readonly EventContract[]): Grant {
    const paths = events?.map(({ type }) => `/events/${type}`) ?? ['/events', '/events/*'];
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: paths.map((path) => this.api.arnForPost(path)),
    });
  }

  /** The table that keeps the limits of producers over all instances of the publish function. */
  #countEvents(stage: Stage): void {
    const counts = new ConsumerTable(this, 'ProducerCounts', {
      stage,
      keys: { partitionKey: 'id' },
      timeToLiveAttribute: 'expiresAt',
    });
    this.publish.addEnvironment(ENVIRONMENT.producerCounts, counts.tableName);
    this.publish.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [counts.tableArn] }),
    );
  }

  #declare(producers: readonly ProducerDefinition[]): Record<string, string> {
    if (producers.length === 0) return {};
    const rules = producers.map(producerRule);
    proveProducers(producers, JSON.stringify(rules));
    // The ARN of a role may be known only when it is deployed.
    return { [ENVIRONMENT.producers]: Stack.of(this).toJsonString(rules) };
  }

  private exportForConsumers(): void {
    const stack = Stack.of(this);
    const { topic, key, dataKey, alarmTopic, dataBucket } = this;
    for (const value of [topic.topicArn, key.keyArn, alarmTopic.topicArn, dataBucket.bucketArn]) {
      stack.exportValue(value);
    }
    stack.exportValue(dataBucket.bucketName);
    if (dataKey !== undefined) stack.exportValue(dataKey.keyArn);
  }
}
