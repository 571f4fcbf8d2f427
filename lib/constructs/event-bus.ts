import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FifoThroughputScope, type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EventContract } from '../contracts/define-event.ts';
import { ENVIRONMENT } from '../contracts/environment.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { BundledFunction } from './bundled-function.ts';
import { BusAlarms } from './bus-alarms.ts';
import { acknowledgeAllObjects, DataBucket } from './data-bucket.ts';
import { writeDocuments } from './documents.ts';
import { EventsApi } from './events-api.ts';
import { publishStatements, putDataStatement } from './permissions.ts';
import { proveFilterPolicyCount } from './proofs/filter-policy.ts';
import type { Settings } from './settings.ts';
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
}

/**
 * The topic that every event goes through, the HTTP API in front of it, and the topic of the alarms. It knows no
 * consumer: what one may need is exported beforehand, so that the first or the fifth changes nothing here.
 */
export class EventBus extends Construct {
  readonly fifo: boolean;
  readonly topic: ITopic;
  readonly key: Key;
  readonly dataBucket: DataBucket;
  readonly alarmTopic: ITopic;
  readonly publish: BundledFunction;
  readonly api: EventsApi;

  constructor(
    scope: Construct,
    id: string,
    { settings, fifo = false, publishEntry, events = [] }: EventBusProps,
  ) {
    super(scope, id);
    const { stage, alarmEmail } = settings;
    this.fifo = fifo;
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the events and alarms that pass through SNS.',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });
    this.topic = new Topic(this, 'Topic', {
      masterKey: this.key,
      enforceSSL: true,
      ...(fifo && { fifo, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP }),
    });
    this.dataBucket = new DataBucket(this, 'Data', stage);
    this.alarmTopic = new AlarmTopic(this, 'Alarms', { key: this.key, email: alarmEmail }).topic;
    this.publish = new BundledFunction(this, 'PublishFunction', {
      name: 'publish',
      entry: publishEntry,
      description: 'Checks events that come over HTTP and publishes them.',
      stage,
      timeout: PUBLISH_TIMEOUT,
      memorySize: PUBLISH_MEMORY_MEGABYTES,
      environment: {
        [ENVIRONMENT.topicArn]: this.topic.topicArn,
        [ENVIRONMENT.dataBucket]: this.dataBucket.bucketName,
      },
    });
    for (const statement of [...publishStatements(this), putDataStatement(this)])
      this.publish.addToRolePolicy(statement);
    acknowledgeAllObjects(this, this.dataBucket);
    this.api = new EventsApi(this, 'Http', { publish: this.publish, settings });
    new BusAlarms(this, 'BusAlarms', this);
    this.exportForConsumers();
    this.node.addValidation({ validate: () => proveFilterPolicyCount(this.node.root) });
    // An aspect, because it has to see the consumers, which come later.
    Aspects.of(this).add({ visit: (node) => node === this && tellVersions(this, events) });
    writeDocuments(this, events, settings.jwt);
  }

  private exportForConsumers(): void {
    const stack = Stack.of(this);
    const { topic, key, alarmTopic, dataBucket } = this;
    for (const value of [topic.topicArn, key.keyArn, alarmTopic.topicArn, dataBucket.bucketArn]) {
      stack.exportValue(value);
    }
    stack.exportValue(dataBucket.bucketName);
  }
}
