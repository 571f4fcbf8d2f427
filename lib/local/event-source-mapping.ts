import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalFunction } from './functions/local-function.ts';
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

const LONG_POLL_SECONDS = 20;
/** SQS hands out ten messages at most. */
const MAX_RECEIVE = 10;
/** After an error of the engine, before the next poll. */
const PAUSE_MS = 500;

/** Polls a queue and invokes a function with what is there, as Lambda's pollers do. */
export class EventSourceMapping {
  /** Messages handed to the function, redeliveries included. */
  received = 0;
  readonly #sqs: SQSClient;
  readonly #configuration: MappingConfiguration;
  readonly #target: LocalFunction;
  readonly #stopping = new AbortController();
  readonly #pollers: Promise<void>[] = [];

  constructor(sqs: SQSClient, configuration: MappingConfiguration, target: LocalFunction) {
    this.#sqs = sqs;
    this.#configuration = configuration;
    this.#target = target;
  }

  /** @param concurrency invocations at once on this machine, however many the template allows */
  start(concurrency: number): void {
    const pollers = Math.min(concurrency, this.#configuration.maximumConcurrency);
    for (let poller = 0; poller < pollers; poller++) this.#pollers.push(this.#poll());
  }

  /** Stops polling and waits for the invocations that run. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const batch = await this.#gather();
        if (batch.length > 0) await this.#process(batch);
      } catch {
        // The engine is away or the poll was aborted; what was received becomes visible again by itself.
        await sleep(PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  async #gather(): Promise<Message[]> {
    const { batchSize, batchingWindowSeconds } = this.#configuration;
    const batch = await this.#receive(batchSize, LONG_POLL_SECONDS);
    const closesAt = Date.now() + batchingWindowSeconds * 1000;
    while (batch.length > 0 && batch.length < batchSize && !this.#stopping.signal.aborted) {
      const remainingSeconds = Math.floor((closesAt - Date.now()) / 1000);
      if (remainingSeconds < 1) break;
      const more = await this.#receive(batchSize - batch.length, remainingSeconds);
      batch.push(...more);
    }
    return batch;
  }

  async #receive(count: number, waitSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#configuration.queueUrl,
        MaxNumberOfMessages: Math.min(count, MAX_RECEIVE),
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
      { abortSignal: this.#stopping.signal },
    );
    return Messages;
  }

  async #process(batch: readonly Message[]): Promise<void> {
    this.received += batch.length;
    const Records = batch.map((message) => sqsRecord(message, this.#configuration));
    const invocation = await this.#target.invoke({ Records });
    if (invocation.status !== 'succeeded') return;
    const failed = this.#configuration.reportBatchItemFailures
      ? failedIds(invocation.value, batch)
      : new Set<string>();
    await this.#delete(batch.filter(({ MessageId = '' }) => !failed.has(MessageId)));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += MAX_RECEIVE) {
      const Entries = messages
        .slice(start, start + MAX_RECEIVE)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#configuration.queueUrl, Entries }),
      );
    }
  }
}

/**
 * Which messages of a batch have failed, by the function's answer. An answer that Lambda cannot make sense of fails
 * them all; no answer, or an empty list, fails none.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedIds(answer: unknown, batch: readonly Message[]): ReadonlySet<string> {
  const all = new Set(batch.map(({ MessageId = '' }) => MessageId));
  const failures = (answer as { readonly batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = failures.map(
    (failure: { readonly itemIdentifier?: unknown } | null) => failure?.itemIdentifier,
  );
  const known = ids.filter((id): id is string => typeof id === 'string' && all.has(id));
  return known.length === ids.length ? new Set(known) : all;
}
