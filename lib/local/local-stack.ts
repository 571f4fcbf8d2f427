import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DeployedResource, deploy } from './assembly/deploy.ts';
import { Deployments } from './assembly/deployments.ts';
import { type Advance, createAdvance } from './clock/create-advance.ts';
import { VirtualClock } from './clock/virtual-clock.ts';
import type { LocalStackDescription } from './cloudformation.ts';
import { DescribedResources } from './described/described-resources.ts';
import { drain } from './drain.ts';
import { OWN_ACCOUNT } from './engines/accounts.ts';
import { createClients } from './engines/clients.ts';
import type { MessagingEngine, QueueDepth } from './engines/fauxqs.ts';
import type { SupervisedDynamoDB } from './engines/supervised-dynamodb.ts';
import { EventBridgeEntries, type KeptEntry } from './event-bridge/entries.ts';
import { busyFunctions, type IsTimer } from './event-sources/busy-functions.ts';
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
import type { LocalOptions, LocalPorts } from './local-options.ts';
import type { KeptMail, MailBox } from './mail.ts';
import { AlarmWatch } from './monitoring/alarm-watch.ts';
import type { AlarmStates } from './monitoring/alarms.ts';
import type { Created, Machine } from './resources/resource.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { serveApis } from './serve-apis.ts';
import { Executions } from './step-functions/executions.ts';

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
  /** Closes the engines and releases the data directory. */
  close(): Promise<void>;
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
  readonly #deployments = new Deployments();
  readonly #guests: Guests;
  /** Lets another app of the same user join: see `serveJoin`. */
  readonly joinToken = randomUUID();
  readonly #listener: FunctionListener;
  readonly #watch: AlarmWatch;
  readonly advance: Advance;
  #replaced: string[] = [];

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
    this.#watch = new AlarmWatch(measured, this, options.log);
    const { clock, scheduler, functions } = this;
    this.advance = createAdvance({
      clock,
      scheduler,
      functions,
      messaging,
      eventSources: this.#eventSources,
    });
  }

  /** Starts the endpoints, creates the resources of the templates, and begins to poll. */
  async start(): Promise<void> {
    const { options, ports, messaging, mailBox } = this.#parts;
    serveApis({
      options,
      messaging,
      mailBox,
      machine: this,
      eventBridge: this.#eventBridge,
      stepFunctions: this.#stepFunctions,
      metrics: this.#watch.metrics,
      faults: this.faults,
      guests: this.#guests,
      stacks: () => this.stacks,
      poll: () => this.#eventSources.start(),
    });
    this.api.putClock(this.clock);
    await this.faults.start();
    await messaging.app.listen({ port: ports.aws, host: '127.0.0.1' });
    await this.reload(options.assemblyDirectory);
    this.#guests.recall();
    this.scheduler.start();
    await this.api.listen(ports.api);
    this.#watch.start();
  }

  get alarms(): AlarmStates {
    return this.#watch.alarms;
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
    await drain(
      this.#parts.messaging,
      names.map((name) => this.#eventSources.remove(name)),
    );
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
   * Whether no message waits in a queue that is polled, and no function runs.
   *
   * @param isTimer says of a function by its variables that its queue keeps messages until they are due: those do not count. @default - of none
   */
  isQuiet(isTimer: IsTimer = () => false): boolean {
    return this.busyFunctions(isTimer).length === 0;
  }

  /** Names of the functions because of which it is not quiet. */
  busyFunctions(isTimer: IsTimer): readonly string[] {
    const parts = { functions: this.functions.values(), eventSources: this.#eventSources };
    return busyFunctions({ ...parts, messaging: this.#parts.messaging }, isTimer);
  }

  /** Accepts no more requests, waits for running invocations, then stops everything. */
  async stop(): Promise<void> {
    const { messaging, close } = this.#parts;
    this.#watch.stop();
    this.scheduler.stop();
    await this.#guests.leaveAll();
    await drain(messaging, [this.api.drain(), this.#eventSources.stop()]);
    await Promise.all([...this.functions.values()].map((one) => one.stop()));
    this.api.close();
    for (const client of [this.sqs, this.sns, this.dynamodb]) client.destroy();
    await this.faults.stop();
    await close();
  }
}
