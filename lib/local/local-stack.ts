import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { AlarmBoard, describeAlarm, type MetricSource } from './alarms.ts';
import { type LocalStackDescription, serveStacks } from './cloudformation.ts';
import { serveAlarms, serveMetrics } from './cloudwatch.ts';
import { type DeployedResource, type Deployment, deploy } from './deploy.ts';
import { createClients } from './engines/clients.ts';
import type { MessagingEngine, QueueDepth } from './engines/fauxqs.ts';
import { guardEngine } from './engines/guard-engine.ts';
import type { LastingDynamoDB } from './engines/lasting-dynamodb.ts';
import type { MappingConfiguration } from './event-source-mapping.ts';
import { type ConsumerCounts, EventSources } from './event-sources.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { createFunctionLog } from './function-log.ts';
import { functionEnvironment } from './functions/environment.ts';
import {
  type FunctionConfiguration,
  type FunctionListener,
  LocalFunction,
} from './functions/local-function.ts';
import { LocalHttpApi } from './http-api.ts';
import type { KeptMail, MailBox } from './mail.ts';
import { MessageMoveTasks } from './message-move-tasks.ts';
import { createMetricSource } from './metrics.ts';
import type { Machine } from './resources/resource.ts';
import type { LocalOptions, LocalPorts } from './start-local.ts';

const ALARM_INTERVAL_MS = 1_000;
/** How long running invocations may take to finish when everything stops. */
const DRAIN_MS = 4_000;
/** While it stops, long polls are ended this often: one may begin just after the others. */
const END_POLLS_INTERVAL_MS = 50;
const ACCOUNT = '000000000000';

export interface LocalStackParts {
  readonly options: LocalOptions;
  readonly region: string;
  readonly ports: LocalPorts;
  readonly messaging: MessagingEngine;
  readonly dynamodb: LastingDynamoDB;
  readonly mailBox: MailBox;
}

/** An app that runs on this machine. */
export class LocalStack implements Machine {
  readonly region: string;
  readonly account = ACCOUNT;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBClient;
  readonly environment: Readonly<Record<string, string>>;
  readonly api = new LocalHttpApi();
  readonly alarms: AlarmBoard;
  readonly faults: FaultBoard;
  readonly functions = new Map<string, LocalFunction>();
  readonly #parts: LocalStackParts;
  readonly #eventSources: EventSources;
  readonly #notes = new Set<string>();
  readonly #listener: FunctionListener;
  readonly #metrics: MetricSource;
  #deployment: Deployment = {
    resources: [],
    outputs: new Map(),
    tags: new Map(),
    protectedStacks: new Set(),
  };
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
    this.faults = new FaultBoard({ aws: this.awsEndpoint, dynamodb: this.dynamodbEndpoint }, () =>
      this.functions.values(),
    );
    this.environment = { ...functionEnvironment(endpoints), ...options.environment };
    this.#eventSources = new EventSources({
      sqs: this.sqs,
      isPaused: () => dynamodb.isAway,
      onError: (error) => options.log(`Polling a queue has failed, and is tried again: ${String(error)}`),
    });
    this.#listener = createFunctionLog(options.log, options.verbose ?? false);
    const functionNamed = (name: string) =>
      [...this.functions.values()].find((one) => one.configuration.name === name);
    const measured = { sqs: messaging.sqs, api: this.api, functionNamed };
    this.#metrics = createMetricSource(measured);
    this.alarms = new AlarmBoard(this.#metrics, (alarm) => options.log(describeAlarm(alarm)));
  }

  /** Starts the endpoints, creates what the templates describe, and begins to poll. */
  async start(): Promise<void> {
    const { options, ports, messaging, mailBox } = this.#parts;
    guardEngine(messaging.app);
    mailBox.serve(messaging.app, ({ to, subject }) => options.log(`Mail to ${to.join(', ')}: ${subject}`));
    serveAlarms(messaging.app, this.alarms);
    serveMetrics(messaging.app, this.#metrics);
    serveStacks(messaging.app, () => this.stacks);
    this.faults.serve(messaging.app);
    new MessageMoveTasks(messaging, this.sqs).serve();
    await this.faults.start();
    await messaging.app.listen({ port: ports.aws, host: '127.0.0.1' });
    await this.reload(options.assemblyDirectory);
    await this.api.listen(ports.api);
    this.alarms.evaluate();
    this.#alarmTimer = setInterval(() => this.alarms.evaluate(), ALARM_INTERVAL_MS);
  }

  /**
   * Brings everything in line with an assembly: changed functions are replaced, new resources created. Nothing that
   * runs is interrupted and no message is lost; what is gone from the templates stays until the next start.
   *
   * @returns names of the functions that were made or replaced
   */
  async reload(assemblyDirectory: string): Promise<readonly string[]> {
    this.#replaced = [];
    this.#deployment = await deploy(assemblyDirectory, this);
    this.api.putDocuments(assemblyDirectory);
    this.#eventSources.start();
    this.api.warm();
    return this.#replaced;
  }

  async putFunction(described: FunctionConfiguration): Promise<void> {
    const configuration = this.faults.disturbed(described);
    const existing = this.functions.get(configuration.arn);
    const isNew = existing === undefined || (await existing.replace(configuration));
    if (!existing) this.functions.set(configuration.arn, new LocalFunction(configuration, this.#listener));
    if (isNew) this.#replaced.push(configuration.name);
  }

  putMapping(name: string, configuration: MappingConfiguration, functionArn: string): void {
    const target = this.functions.get(functionArn);
    if (!target) throw new Error(`there is no function ${functionArn}`);
    this.#eventSources.put(name, configuration, target);
  }

  removeMapping(name: string): void {
    this.#eventSources.remove(name);
  }

  note(line: string): void {
    if (this.#notes.has(line)) return;
    this.#notes.add(line);
    this.#parts.options.log(line);
  }

  get resources(): readonly DeployedResource[] {
    return this.#deployment.resources;
  }

  /** Names of the stacks with their tags, outputs and termination protection. */
  get stacks(): readonly LocalStackDescription[] {
    const { outputs, tags, protectedStacks } = this.#deployment;
    return [...outputs].map(([name, values]) => ({
      name,
      outputs: values,
      tags: tags.get(name) ?? {},
      terminationProtection: protectedStacks.has(name),
    }));
  }

  /**
   * Finds a resource by the end of its stack's name and the id of its construct.
   *
   * @throws Error when there is none
   */
  find(stack: string, constructId: string): DeployedResource {
    const found = this.resources.find(
      ({ stackName, path }) => stackName.endsWith(stack) && path.endsWith(`/${constructId}/Resource`),
    );
    if (!found) throw new Error(`there is no ${constructId} in a stack named ...${stack}`);
    return found;
  }

  /** Mail that was sent, newest first. */
  mail(): readonly KeptMail[] {
    return this.#parts.mailBox.mails;
  }

  /** What the functions behind queues have done. */
  consumers(): readonly ConsumerCounts[] {
    return this.#eventSources.consumers;
  }

  /** How many messages are where in a queue. */
  depthOf(queueUrl: string): QueueDepth {
    return this.#parts.messaging.depthOf(queueUrl);
  }

  /** Whether no message waits for a function or is with one. */
  isQuiet(): boolean {
    const running = [...this.functions.values()].some(({ counters }) => counters.running > 0);
    const depths = this.#eventSources.queueUrls.map((queueUrl) => this.depthOf(queueUrl));
    return !running && depths.every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
  }

  /** Takes no more requests, lets running invocations finish, then stops everything. */
  async stop(): Promise<void> {
    const { messaging, dynamodb } = this.#parts;
    clearInterval(this.#alarmTimer);
    const ending = setInterval(() => messaging.endLongPolls(), END_POLLS_INTERVAL_MS);
    const drained = Promise.all([this.api.drain(), this.#eventSources.stop()]);
    await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })]);
    clearInterval(ending);
    await Promise.all([...this.functions.values()].map((one) => one.stop()));
    this.api.close();
    for (const client of [this.sqs, this.sns, this.dynamodb]) client.destroy();
    await this.faults.stop();
    await messaging.app.close();
    await dynamodb.stop();
  }
}
