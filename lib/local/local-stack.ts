import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DeployedResource, deploy } from './assembly/deploy.ts';
import { Deployments } from './assembly/deployments.ts';
import { advance } from './clock/advance.ts';
import { serveClock } from './clock/serve-clock.ts';
import { timedWorkOf } from './clock/timed-work.ts';
import { VirtualClock } from './clock/virtual-clock.ts';
import { type LocalStackDescription, serveStacks } from './cloudformation.ts';
import { DescribedResources } from './described/described-resources.ts';
import { serveKeys } from './described/kms.ts';
import { serveFunctions } from './described/lambda/serve-functions.ts';
import { serveInvocations } from './described/lambda/serve-invocations.ts';
import { serveMappings } from './described/lambda/serve-mappings.ts';
import { OWN_ACCOUNT } from './engines/accounts.ts';
import { createClients } from './engines/clients.ts';
import type { MessagingEngine, QueueDepth } from './engines/fauxqs.ts';
import { guardEngine } from './engines/guard-engine.ts';
import type { SupervisedDynamoDB } from './engines/supervised-dynamodb.ts';
import { EventBridgeEntries, type KeptEntry } from './event-bridge/entries.ts';
import type { MappingConfiguration } from './event-sources/event-source-mapping.ts';
import { type ConsumerCounts, EventSources } from './event-sources/event-sources.ts';
import { FaultRegistry } from './faults/fault-registry.ts';
import { functionEnvironment } from './functions/environment.ts';
import type { FunctionConfiguration } from './functions/function-configuration.ts';
import { createFunctionLog } from './functions/function-log.ts';
import { type FunctionListener, LocalFunction } from './functions/local-function.ts';
import { LocalHttpApi } from './http/http-api.ts';
import { Guests } from './join/guests.ts';
import { KeptGuests } from './join/kept-guests.ts';
import { serveJoin } from './join/serve-join.ts';
import type { LocalOptions, LocalPorts } from './local-options.ts';
import type { KeptMail, MailBox } from './mail.ts';
import { notifyTopics } from './monitoring/alarm-actions.ts';
import {
  type AlarmState,
  AlarmStates,
  describeAlarm,
  type LocalAlarm,
  type MetricSource,
} from './monitoring/alarms.ts';
import { serveAlarmChanges, serveAlarms, serveMetrics } from './monitoring/cloudwatch.ts';
import { createMetricSource } from './monitoring/metrics.ts';
import { MessageMoveTasks } from './move-tasks/message-move-tasks.ts';
import { serveParametersByPath } from './parameters-by-path.ts';
import type { Created, Machine } from './resources/resource.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { serveScheduler } from './scheduler/serve-scheduler.ts';
import { serveSecrets } from './secrets.ts';
import { Executions } from './step-functions/executions.ts';

const ALARM_INTERVAL_MS = 1_000;
/** When everything stops, running invocations have this time to finish. */
const DRAIN_MS = 4_000;
/** Interval at which long polls are ended while everything stops: a new one may have begun. */
const END_POLLS_INTERVAL_MS = 50;
/** The app that this runner was started with, beside those that join. */
const OWN = 'own';

export interface LocalStackParts {
  readonly options: LocalOptions;
  readonly region: string;
  readonly ports: LocalPorts;
  readonly messaging: MessagingEngine;
  readonly dynamodb: SupervisedDynamoDB;
  readonly mailBox: MailBox;
  /** Keeps over restarts what other apps have here. @default - nothing is kept */
  readonly guestsFile: string | undefined;
  /** Keeps schedules over restarts. @default - they are kept in memory */
  readonly schedulesDirectory: string | undefined;
}

function totalOf({ visible, inFlight, delayed }: QueueDepth): number {
  return visible + inFlight + delayed;
}

/** A synthesized app that runs on this machine. */
export class LocalStack implements Machine {
  readonly region: string;
  readonly account = OWN_ACCOUNT;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBClient;
  readonly environment: Readonly<Record<string, string>>;
  readonly api = new LocalHttpApi();
  readonly alarms: AlarmStates;
  readonly faults: FaultRegistry;
  /** The time that functions and schedules see. */
  readonly clock = new VirtualClock();
  readonly scheduler: Scheduler;
  readonly described = new DescribedResources();
  readonly parameters = new Map<string, string>();
  readonly customResources = new Map<string, Created>();
  readonly functions = new Map<string, LocalFunction>();
  readonly #parts: LocalStackParts;
  readonly #eventSources: EventSources;
  readonly #eventBridge = new EventBridgeEntries();
  readonly #stepFunctions = new Executions();
  readonly #notes = new Set<string>();
  #advancing: Promise<void> = Promise.resolve();
  readonly #deployments = new Deployments();
  readonly #guests: Guests;
  /** Lets another app of the same user join: see `serveJoin`. */
  readonly joinToken = randomUUID();
  readonly #listener: FunctionListener;
  readonly #metrics: MetricSource;
  #replaced: string[] = [];
  #alarmTimer: NodeJS.Timeout | undefined;

  constructor(parts: LocalStackParts) {
    const { options, ports, region, dynamodb, messaging } = parts;
    this.#parts = parts;
    this.region = region;
    this.apiUrl = `http://127.0.0.1:${ports.api}`;
    this.awsEndpoint = `http://127.0.0.1:${ports.aws}`;
    this.dynamodbEndpoint = dynamodb.endpoint;
    const endpoints = { region, aws: this.awsEndpoint, dynamodb: this.dynamodbEndpoint };
    ({ sqs: this.sqs, sns: this.sns, dynamodb: this.dynamodb } = createClients(endpoints));
    this.faults = new FaultRegistry({ aws: this.awsEndpoint, dynamodb: this.dynamodbEndpoint }, () =>
      this.functions.values(),
    );
    this.scheduler = new Scheduler({
      region,
      clock: this.clock,
      machine: this,
      dataDirectory: parts.schedulesDirectory,
      log: options.log,
    });
    this.environment = { ...functionEnvironment(endpoints), ...options.environment };
    this.#guests = new Guests({
      machine: this,
      deployments: this.#deployments,
      kept: new KeptGuests(parts.guestsFile, this.awsEndpoint),
      poll: () => this.#eventSources.start(),
    });
    this.#eventSources = new EventSources({
      sqs: this.sqs,
      isPaused: () => dynamodb.isUnreachable,
      onError: (error) => options.log(`Polling a queue failed and is tried again: ${String(error)}`),
    });
    this.#listener = createFunctionLog(options.log, options.verbose ?? false);
    const functionNamed = (name: string) =>
      [...this.functions.values()].find((one) => one.configuration.name === name);
    const measured = { messaging, api: this.api, functionNamed };
    this.#metrics = createMetricSource(measured);
    this.alarms = new AlarmStates(this.#metrics, (alarm, before) => this.#reportAlarm(alarm, before));
  }

  /** Starts the endpoints, creates the resources of the templates, and begins to poll. */
  async start(): Promise<void> {
    const { options, ports, messaging, mailBox } = this.#parts;
    guardEngine(messaging.app);
    mailBox.serve(messaging.app, ({ to, subject }) => options.log(`Mail to ${to.join(', ')}: ${subject}`));
    this.#eventBridge.serve(messaging.app, ({ detailType, eventBusName }) =>
      options.log(`To EventBridge: ${detailType} on ${eventBusName}`),
    );
    this.#stepFunctions.serve(messaging.app, ({ name, stateMachineArn }) =>
      options.log(
        `To Step Functions: ${name} of ${stateMachineArn.slice(stateMachineArn.lastIndexOf(':') + 1)}`,
      ),
    );
    serveAlarms(messaging.app, this.alarms);
    serveAlarmChanges(messaging.app, this.alarms);
    serveMetrics(messaging.app, this.#metrics);
    serveStacks(messaging.app, () => this.stacks);
    serveFunctions(messaging.app, this);
    serveInvocations(messaging.app, this);
    serveMappings(messaging.app, this, () => this.#eventSources.start());
    serveKeys(messaging.app, this);
    serveScheduler(messaging.app, this.scheduler);
    serveClock(messaging.app, this);
    this.api.putClock(this.clock);
    serveSecrets(messaging.app, {
      files: () => [
        ...(options.secretsFile === undefined ? [] : [options.secretsFile]),
        ...this.#guests.secretsFiles,
      ],
      parameters: this.parameters,
    });
    serveParametersByPath(messaging.app, this.parameters);
    this.faults.serve(messaging.app);
    serveJoin(messaging.app, { guests: this.#guests, token: this.joinToken, say: options.log });
    new MessageMoveTasks(messaging, this.sqs).serve();
    await this.faults.start();
    await messaging.app.listen({ port: ports.aws, host: '127.0.0.1' });
    await this.reload(options.assemblyDirectory);
    this.#guests.recall();
    this.scheduler.start();
    await this.api.listen(ports.api);
    this.alarms.evaluate();
    this.#alarmTimer = setInterval(() => this.alarms.evaluate(), ALARM_INTERVAL_MS);
  }

  #reportAlarm(alarm: LocalAlarm, before: AlarmState): void {
    const { log } = this.#parts.options;
    log(describeAlarm(alarm));
    notifyTopics(this, alarm, before).catch((error: unknown) =>
      // The engine is unreachable or the topic is gone. The alarm itself keeps its state and is listed.
      log(`The alarm ${alarm.name} could not be published to its topic: ${String(error)}`),
    );
  }

  /**
   * Deploys an assembly: replaces changed functions and creates new resources. Running invocations are not interrupted, and no message is
   * lost. A resource that was removed from the templates stays until the next start.
   *
   * @returns names of the functions that were created or replaced
   */
  async reload(assemblyDirectory: string): Promise<readonly string[]> {
    this.#replaced = [];
    this.#deployments.put(OWN, await deploy(assemblyDirectory, this), this);
    this.api.putDocuments(assemblyDirectory);
    this.#eventSources.start();
    this.api.warm();
    return this.#replaced;
  }

  async putFunction(described: FunctionConfiguration, listener = this.#listener): Promise<void> {
    const configuration = this.faults.withFaults(described);
    const existing = this.functions.get(configuration.arn);
    const isNew = existing === undefined || (await existing.replace(configuration));
    if (!existing)
      this.functions.set(configuration.arn, new LocalFunction(configuration, listener, this.clock));
    if (isNew) this.#replaced.push(configuration.name);
  }

  async removeFunction(arn: string): Promise<void> {
    const removed = this.functions.get(arn);
    this.functions.delete(arn);
    await removed?.stop();
  }

  putMapping(name: string, configuration: MappingConfiguration, functionArn: string): void {
    const target = this.functions.get(functionArn);
    if (!target) throw new Error(`there is no function ${functionArn}`);
    const { polls = () => true } = this.#parts.options;
    if (polls(target.configuration.environment)) this.#eventSources.put(name, configuration, target);
  }

  startMappings(): void {
    this.#eventSources.start();
  }

  removeMapping(name: string): void {
    void this.#eventSources.remove(name);
    // Otherwise its pollers take what comes until their long polls end, up to twenty seconds.
    this.#parts.messaging.endLongPolls();
  }

  async removeMappings(names: readonly string[]): Promise<void> {
    await this.#drain(names.map((name) => this.#eventSources.remove(name)));
  }

  note(line: string): void {
    if (this.#notes.has(line)) return;
    this.#notes.add(line);
    this.#parts.options.log(line);
  }

  get resources(): readonly DeployedResource[] {
    return this.#deployments.resources;
  }

  /** The stacks with their resources, tags, outputs and termination protection. */
  get stacks(): readonly LocalStackDescription[] {
    return this.#deployments.stacks;
  }

  /**
   * Finds a resource by the end of its stack's name and the id of its construct.
   *
   * @throws Error when there is no such resource
   */
  find(stack: string, constructId: string): DeployedResource {
    return this.#deployments.find(stack, constructId);
  }

  /** Mail that was sent, newest first. */
  mail(): readonly KeptMail[] {
    return this.#parts.mailBox.mails;
  }

  /** Events that were put on EventBridge, newest first. */
  eventBridgeEntries(): readonly KeptEntry[] {
    return this.#eventBridge.entries;
  }

  /** Counts of the functions that have a queue. */
  consumers(): readonly ConsumerCounts[] {
    return this.#eventSources.consumers;
  }

  /** Number of messages in a queue, by their state. */
  depthOf(queueUrl: string): QueueDepth {
    return this.#parts.messaging.depthOf(queueUrl);
  }

  /**
   * Whether no message waits in a queue and no function runs.
   *
   * @param isTimer says of a function by its variables that its queue keeps messages until they are due: those do not count. @default - of none
   */
  isQuiet(isTimer: (environment: Readonly<Record<string, string>>) => boolean = () => false): boolean {
    if ([...this.functions.values()].some(({ counters }) => counters.running > 0)) return false;
    const timers = this.#eventSources.sources.filter(({ environment }) => isTimer(environment));
    const others = this.#eventSources.sources.filter(({ environment }) => !isTimer(environment));
    const onTheWay = new Set(
      this.#eventSources.busy((queueUrl) => this.#parts.messaging.pollersOf(queueUrl)),
    );
    return (
      others.every(({ queueUrl }) => totalOf(this.depthOf(queueUrl)) === 0) &&
      timers.every(({ queueUrl, name }) => this.depthOf(queueUrl).visible === 0 && !onTheWay.has(name))
    );
  }

  /**
   * Lets time pass at once: schedules that become due are sent, and hidden messages become visible, each at its time. Functions see the time
   * that has passed. What stays real: time to live in tables, alarms, retention, and the time-outs of functions.
   *
   * @param timeoutSeconds how long functions may work at each moment at which something happens, in real time
   * @throws RangeError when `seconds` is no positive number
   * @throws Error that names what is still going on after the time-out
   */
  advance(seconds: number, timeoutSeconds: number): Promise<void> {
    const { clock, scheduler, functions } = this;
    const { messaging } = this.#parts;
    const work = timedWorkOf({ clock, scheduler, functions, messaging, eventSources: this.#eventSources });
    const run = this.#advancing.then(() => advance(work, { seconds, timeoutSeconds }));
    // One after the other. Whoever asked hears of a failure.
    this.#advancing = run.catch(() => undefined);
    return run;
  }

  /** Accepts no more requests, waits for running invocations, then stops everything. */
  async stop(): Promise<void> {
    const { messaging, dynamodb } = this.#parts;
    clearInterval(this.#alarmTimer);
    this.scheduler.stop();
    await this.#guests.leaveAll();
    await this.#drain([this.api.drain(), this.#eventSources.stop()]);
    await Promise.all([...this.functions.values()].map((one) => one.stop()));
    this.api.close();
    for (const client of [this.sqs, this.sns, this.dynamodb]) client.destroy();
    await this.faults.stop();
    await messaging.app.close();
    await dynamodb.stop();
  }

  /** Waits a moment for what ends by itself: long polls are answered at once, and running batches may finish. */
  async #drain(ending: readonly Promise<void>[]): Promise<void> {
    const { messaging } = this.#parts;
    const polls = setInterval(() => messaging.endLongPolls(), END_POLLS_INTERVAL_MS);
    await Promise.race([Promise.all(ending), sleep(DRAIN_MS, undefined, { ref: false })]);
    clearInterval(polls);
  }
}
