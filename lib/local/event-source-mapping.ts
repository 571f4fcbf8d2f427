import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalFunction } from './functions/local-function.ts';
import { failedIds, splitBySize } from './sqs-batch.ts';
import { sqsRecord } from './sqs-record.ts';

/** An event source mapping as the template describes it. */
export interface MappingConfiguration {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
}

/** What a mapping works with. */
export interface MappingPorts {
  readonly sqs: SQSClient;
  /** Hears that the queue cannot be reached; each reason once until it works again. */
  onError(error: unknown): void;
  /** Whether functions should get nothing now, because an engine that they need is away. */
  isPaused(): boolean;
}

const LONG_POLL_SECONDS = 20;
/** SQS hands out ten messages at most. */
const MAX_RECEIVE = 10;
/** After an error of the engine, before the next poll. */
const PAUSE_MS = 500;
/** Between two looks while a batching window is open, or a pause lasts. */
const LOOK_MS = 50;

/** Polls a queue and invokes a function with what is there, as Lambda's pollers do. */
export class EventSourceMapping {
  /** Messages handed to the function, redeliveries included. */
  received = 0;
  /** Messages that the function reported as failed in an answer about their batch. */
  reportedFailed = 0;
  readonly #ports: MappingPorts;
  readonly #pollers: Promise<void>[] = [];
  #configuration: MappingConfiguration;
  #target: LocalFunction;
  #stopping = false;
  #lastError = '';

  constructor(ports: MappingPorts, configuration: MappingConfiguration, target: LocalFunction) {
    this.#ports = ports;
    this.#configuration = configuration;
    this.#target = target;
  }

  get configuration(): MappingConfiguration {
    return this.#configuration;
  }

  get target(): LocalFunction {
    return this.#target;
  }

  /** Takes other settings or another function of the same queue, from the next batch on. */
  change(configuration: MappingConfiguration, target: LocalFunction): void {
    this.#configuration = configuration;
    this.#target = target;
  }

  /**
   * Begins to poll; does nothing when it does already.
   *
   * @param concurrency invocations at once on this machine, however many the template allows
   */
  start(concurrency: number): void {
    if (this.#pollers.length > 0) return;
    const pollers = Math.min(concurrency, this.#configuration.maximumConcurrency);
    for (let poller = 0; poller < pollers; poller++) this.#pollers.push(this.#poll());
  }

  /**
   * Stops after the batch that is being received or processed. A long poll is not cut off here, for a message might be
   * on its way to it: let the engine answer it.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#untilPauseEnds();
        for (const batch of splitBySize(await this.#gather())) await this.#process(batch);
        this.#lastError = '';
      } catch (error) {
        // What was received becomes visible again by itself; the next poll may find the engine well.
        this.#report(error);
        await sleep(PAUSE_MS);
      }
    }
  }

  #report(error: unknown): void {
    const reason = String(error);
    if (this.#stopping || reason === this.#lastError) return;
    this.#lastError = reason;
    this.#ports.onError(error);
  }

  async #untilPauseEnds(): Promise<void> {
    while (this.#ports.isPaused() && !this.#stopping) await sleep(LOOK_MS);
  }

  async #gather(): Promise<Message[]> {
    const { batchSize, batchingWindowSeconds } = this.#configuration;
    const batch = await this.#receive(batchSize, LONG_POLL_SECONDS);
    const closesAt = Date.now() + batchingWindowSeconds * 1000;
    const isOpen = (): boolean =>
      batch.length > 0 && batch.length < batchSize && Date.now() < closesAt && !this.#stopping;
    while (isOpen()) {
      const more = await this.#receive(batchSize - batch.length, 0);
      batch.push(...more);
      if (more.length === 0) await sleep(LOOK_MS);
    }
    return batch;
  }

  async #receive(count: number, waitSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await this.#ports.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#configuration.queueUrl,
        MaxNumberOfMessages: Math.min(count, MAX_RECEIVE),
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async #process(batch: readonly Message[]): Promise<void> {
    await this.#untilPauseEnds();
    // It stops during the pause: the messages become visible again by themselves.
    if (this.#ports.isPaused()) return;
    this.received += batch.length;
    const Records = batch.map((message) => sqsRecord(message, this.#configuration));
    const invocation = await this.#target.invoke({ Records });
    if (invocation.status !== 'succeeded') return;
    const failed = this.#configuration.reportBatchItemFailures
      ? failedIds(invocation.value, batch)
      : new Set<string>();
    this.reportedFailed += failed.size;
    await this.#delete(batch.filter(({ MessageId = '' }) => !failed.has(MessageId)));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += MAX_RECEIVE) {
      const Entries = messages
        .slice(start, start + MAX_RECEIVE)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#ports.sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#configuration.queueUrl, Entries }),
      );
    }
  }
}
