import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MAX_RECEIVE_MESSAGES, MAX_WAIT_SECONDS } from '../aws-limits.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import { failedIds, splitBySize } from './sqs-batch.ts';
import { sqsRecord } from './sqs-record.ts';

/** An event source mapping, with the settings of its template. */
export interface MappingConfiguration {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
}

/** What a mapping uses. */
export interface MappingDependencies {
  readonly sqs: SQSClient;
  /** Called when the queue cannot be polled: once for each reason, until polling works again. */
  onError(error: unknown): void;
  /** Whether functions must not be invoked now, because an engine that they need is unreachable. */
  isPaused(): boolean;
}

/** Pause after an error of the engine, before the next poll. */
const RETRY_PAUSE_MS = 500;
/** A batching window is no longer on this machine, so that nobody waits minutes for a batch of a few messages. */
const MAX_WINDOW_MS = 1_000;
/** Interval of the checks while a batching window is open or a pause lasts. */
const CHECK_INTERVAL_MS = 50;

/** Polls a queue and invokes a function with its messages, as Lambda does. */
export class EventSourceMapping {
  /** Number of messages that the function got, with redeliveries. */
  received = 0;
  /** Number of messages that the function returned in `batchItemFailures`. */
  reportedFailed = 0;
  readonly #dependencies: MappingDependencies;
  readonly #pollers: Promise<void>[] = [];
  /** Number of long polls that are not answered. */
  #longPolls = 0;
  #configuration: MappingConfiguration;
  #target: LocalFunction;
  #stopping = false;
  #lastError = '';

  constructor(dependencies: MappingDependencies, configuration: MappingConfiguration, target: LocalFunction) {
    this.#dependencies = dependencies;
    this.#configuration = configuration;
    this.#target = target;
  }

  get configuration(): MappingConfiguration {
    return this.#configuration;
  }

  /**
   * Whether it has no message, and none is on its way to it.
   *
   * @param waiting number of long polls that the queue has not answered: an answer on its way is no longer among them
   */
  isIdle(waiting: number): boolean {
    return this.#longPolls === this.#pollers.length && waiting >= this.#longPolls;
  }

  get target(): LocalFunction {
    return this.#target;
  }

  /** Changes the settings or the function, from the next batch on. The queue stays the same. */
  change(configuration: MappingConfiguration, target: LocalFunction): void {
    this.#configuration = configuration;
    this.#target = target;
  }

  /**
   * Begins to poll. Does nothing when it polls already.
   *
   * @param concurrency maximum number of invocations at once on this machine, also when the template allows more
   */
  start(concurrency: number): void {
    if (this.#pollers.length > 0) return;
    const pollers = Math.min(concurrency, this.#configuration.maximumConcurrency);
    for (let poller = 0; poller < pollers; poller++) this.#pollers.push(this.#poll());
  }

  /**
   * Stops after the batch that is being received or processed. It does not abort a long poll, because the answer may already carry a message.
   * Make the engine answer the long polls.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#waitWhilePaused();
        for (const batch of splitBySize(await this.#receiveBatch())) await this.#process(batch);
        this.#lastError = '';
      } catch (error) {
        // The received messages become visible again after their timeout. The next poll may succeed.
        this.#report(error);
        await sleep(RETRY_PAUSE_MS);
      }
    }
  }

  #report(error: unknown): void {
    const reason = String(error);
    if (this.#stopping || reason === this.#lastError) return;
    this.#lastError = reason;
    this.#dependencies.onError(error);
  }

  async #waitWhilePaused(): Promise<void> {
    while (this.#dependencies.isPaused() && !this.#stopping) await sleep(CHECK_INTERVAL_MS);
  }

  async #receiveBatch(): Promise<Message[]> {
    const { batchSize, batchingWindowSeconds } = this.#configuration;
    const batch = await this.#longPoll(batchSize);
    const closesAt = Date.now() + Math.min(batchingWindowSeconds * 1000, MAX_WINDOW_MS);
    const isOpen = (): boolean =>
      batch.length > 0 && batch.length < batchSize && Date.now() < closesAt && !this.#stopping;
    while (isOpen()) {
      const more = await this.#receive(batchSize - batch.length, 0);
      batch.push(...more);
      if (more.length === 0) await sleep(CHECK_INTERVAL_MS);
    }
    return batch;
  }

  async #longPoll(count: number): Promise<Message[]> {
    this.#longPolls += 1;
    try {
      return await this.#receive(count, MAX_WAIT_SECONDS);
    } finally {
      this.#longPolls -= 1;
    }
  }

  async #receive(count: number, waitSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await this.#dependencies.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#configuration.queueUrl,
        MaxNumberOfMessages: Math.min(count, MAX_RECEIVE_MESSAGES),
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async #process(batch: readonly Message[]): Promise<void> {
    await this.#waitWhilePaused();
    // The mapping was stopped during the pause. The messages become visible again after their timeout.
    if (this.#dependencies.isPaused()) return;
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
    for (let start = 0; start < messages.length; start += MAX_RECEIVE_MESSAGES) {
      const Entries = messages
        .slice(start, start + MAX_RECEIVE_MESSAGES)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#dependencies.sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#configuration.queueUrl, Entries }),
      );
    }
  }
}
