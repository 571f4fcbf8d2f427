import { Aspects, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type BusAddress, FIRST_BUS } from '../../contracts/bus/bus-parameters.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { LARGE_DATA_PREFIX } from '../../contracts/envelope/large-data.ts';
import type { ProducerDefinition } from '../../contracts/producers/define-producer.ts';
import { Archive } from '../archive/archive.ts';
import type { BundledFunction } from '../function/bundled-function.ts';
import { Later } from '../later/later.ts';
import { RecurringEvents } from '../later/recurring-events.ts';
import { AlarmTopic } from '../monitoring/alarm-topic.ts';
import { BusAlarms } from '../monitoring/bus-alarms.ts';
import type { Settings } from '../settings.ts';
import { validateFilterPolicyCount } from '../validation/filter-policy.ts';
import { annotateVersions } from './annotate-versions.ts';
import { busName } from './bus-name.ts';
import { BusParameters } from './bus-parameters.ts';
import { consumersOf } from './consumers-of.ts';
import { acknowledgeObjects, DataBucket } from './data-bucket.ts';
import { DataKey } from './data-key.ts';
import { writeDocuments } from './documents.ts';
import { EventTopic } from './event-topic.ts';
import { EventsApi } from './events-api.ts';
import { keepFormerExports } from './former-exports.ts';
import type { BusParts, IEventBus } from './i-event-bus.ts';
import {
  type BusFromAttributesProps,
  type BusFromStageProps,
  importFromAttributes,
  importFromStage,
} from './imported/imported-event-bus.ts';
import { ImportedParts } from './imported/imported-parts.ts';
import { readParameter } from './imported/read-parameter.ts';
import { limitCosts } from './monthly-budget.ts';
import { OtherAccounts, type OtherAccountsProps } from './other-accounts/other-accounts.ts';
import { ownParts, replayFunctionArnOf } from './own-parts.ts';
import { PublishFunction } from './publish-function.ts';

export interface EventBusProps extends OtherAccountsProps {
  readonly settings: Settings;
  /**
   * Name of the bus: the last part of its stack's name. A second bus in one app needs a name of its own: `Ledger` is the stack
   * `shop-dev-Ledger`, and its documents are `shop-dev-Ledger.openapi.json` and `shop-dev-Ledger.asyncapi.json`. See docs/buses.md.
   *
   * @default Bus
   */
  readonly name?: string;
  /**
   * Keeps the order of events with the same partitionkey, at a lower throughput; each event needs one. Cannot be changed later: it
   * makes another topic. See docs/buses.md.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
   */
  readonly fifo?: boolean;
  /** Path of the file that exports the publish function's `handler`. @default - lambdas/publish/handler.ts */
  readonly publishEntry?: string;
  /**
   * The events that the publish function takes. Synth lists the consumers of each version.
   *
   * @default - only what the consumers emit and take
   */
  readonly events?: readonly EventContract[];
  /**
   * Which caller may publish what over the HTTP API. When at least one is declared, other callers may publish nothing.
   *
   * @default - each caller of the API may publish every event but those of consumers
   */
  readonly producers?: readonly ProducerDefinition[];
}

/**
 * The topic that every event goes through, the HTTP API in front of it, and the topic of the alarms. It knows no
 * consumer: what one needs is written to parameters from the beginning, so that a new one changes nothing here.
 */
export class EventBus extends Construct implements IEventBus {
  readonly busName: string;
  readonly fifo: boolean;
  readonly topic: ITopic;
  readonly key: Key;
  /** Encrypts logs and large data. @default - the keys of CloudWatch and S3 themselves */
  readonly dataKey: DataKey | undefined;
  readonly dataBucket: DataBucket;
  readonly alarmTopic: ITopic;
  /** Whether X-Ray traces the functions. */
  readonly xray: boolean;
  /** Where the runbook of the alarms is. */
  readonly runbookUrl: string;
  /** Delivers events that come later. */
  readonly later: Later;
  readonly publish: BundledFunction;
  readonly api: EventsApi;
  readonly otherAccounts: OtherAccounts;
  /** Keeps its events; undefined when the setting `archive` is off. */
  readonly archive: Archive | undefined;
  readonly #address: BusAddress;

  /**
   * A bus that another app has deployed to this account and region. It is found by the parameters that it has written under
   * `/fanfare/<app>/<stage>/`. See docs/other-repositories.md.
   */
  static fromStage(scope: Construct, id: string, props: BusFromStageProps): IEventBus {
    return importFromStage(scope, id, props);
  }

  /**
   * A bus of another account in this region, by the names of its parts: what `npx fanfare bus --json` prints where it is deployed.
   *
   * @throws TypeError when one of the names cannot be right
   */
  static fromAttributes(scope: Construct, id: string, props: BusFromAttributesProps): IEventBus {
    return importFromAttributes(scope, id, props);
  }

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const { settings, name = FIRST_BUS, fifo = false, publishEntry, events = [], producers = [] } = props;
    const { stage, alarmReceivers, runbookUrl } = settings;
    this.#address = { app: stage.app, stage: stage.name, name };
    this.busName = busName(this.#address);
    this.fifo = fifo;
    this.xray = settings.xray;
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the events and alarms that pass through SNS.',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });
    this.otherAccounts = new OtherAccounts(this, 'OtherAccounts', { ...props, producers });
    const { readers } = this.otherAccounts;
    this.topic = new EventTopic(this, 'Topic', { key: this.key, fifo, readers });
    this.dataKey = settings.dataKey === 'own' ? new DataKey(this, 'DataKey', stage) : undefined;
    this.dataBucket = new DataBucket(this, 'Data', {
      stage,
      key: this.dataKey,
      archive: settings.archive,
    });
    this.alarmTopic = new AlarmTopic(this, 'Alarms', { key: this.key, receivers: alarmReceivers }).topic;
    this.runbookUrl = runbookUrl;
    this.later = new Later(this, 'Later', { bus: this, stage });
    this.publish = new PublishFunction(this, 'PublishFunction', {
      bus: this,
      settings,
      entry: publishEntry,
      producers,
      ruleOf: (producer) => this.otherAccounts.ruleOf(producer),
    });
    acknowledgeObjects(this, this.dataBucket, [LARGE_DATA_PREFIX]);
    this.api = new EventsApi(this, 'Http', { publish: this.publish, settings, logKey: this.dataKey });
    this.otherAccounts.open(this);
    this.archive =
      settings.archive && new Archive(this, 'Archive', { bus: this, settings: settings.archive, stage });
    new RecurringEvents(this, 'RecurringEvents', { events, later: this.later, stage });
    new BusAlarms(this, 'BusAlarms', { bus: this, settings });
    limitCosts(this, settings, name);
    new BusParameters(this, 'Parameters', {
      address: this.#address,
      fifo,
      parts: this,
      replayFunctionArn: this.archive?.replay.function.functionArn,
    });
    if (settings.exports === 'keep') keepFormerExports(this, this);
    this.node.addValidation({ validate: () => validateFilterPolicyCount(consumersOf(this).length) });
    // An aspect, because the consumers are created after the bus.
    Aspects.of(this).add({ visit: (node) => node === this && annotateVersions(this, events) });
    const prefix = name === FIRST_BUS ? '' : `${Stack.of(this).stackName}.`;
    writeDocuments(this, { events, settings, prefix });
  }

  /** Takes events that come later. */
  get laterQueue(): IQueue {
    return this.later.queue;
  }

  /** The stack of a consumer is deployed after that of its bus. */
  partsIn(scope: Construct): BusParts {
    const [own, other] = [Stack.of(this), Stack.of(scope)];
    if (other === own) return ownParts(this);
    other.addStackDependency(own);
    return ImportedParts.of(scope, this.busName, {
      fifo: this.fifo,
      hasDataKey: this.dataKey !== undefined,
      logsWithDataKey: true,
      valueOf: (parameter, consumer) => {
        if (parameter === 'replayFunctionArn') replayFunctionArnOf(this);
        return readParameter(this.#address)(parameter, consumer);
      },
    });
  }

  /**
   * Lets a role or user publish over the HTTP API: everything, or these events only, in any of their versions and each by the path of its
   * type (`POST /events/library.BookReturned`), as the typed publisher does.
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
}
