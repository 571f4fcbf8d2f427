import { createHash } from 'node:crypto';
import {
  type MessageAttributeValue,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { type Envelope, identityOf, serializeEnvelope } from '../contracts/envelope.ts';
import { backoffMilliseconds } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { chunkEntries, entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';

/** What became of one event. */
export type PublishOutcome =
  | { readonly status: 'published'; readonly messageId: string }
  | {
      readonly status: 'failed';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

export interface TopicPublisher {
  /**
   * Publishes events, ten to a request. What fails for a passing reason is tried again a few times.
   *
   * @returns one outcome per event, in the order given; it never throws for what SNS answers
   */
  publish(
    events: readonly Envelope[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly PublishOutcome[]>;
}

export interface TopicPublisherProps {
  readonly sns: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  /** @default - the system's */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Requests per event at most, the SDK's own retries not counted. */
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

interface Pending {
  readonly index: number;
  readonly entry: PublishBatchRequestEntry;
}

/** A publisher to one SNS topic. @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export function createTopicPublisher(props: TopicPublisherProps): TopicPublisher {
  const { clock = systemClock, random = Math.random, topicArn } = props;
  const fifo = topicArn.endsWith('.fifo');
  return {
    publish: async (events, { signal } = {}) => {
      const outcomes = new Map<number, PublishOutcome>();
      let pending = events.map((event, index) => ({ index, entry: entryOf(event, index, fifo) }));
      pending = pending.filter((one) => fits(one, outcomes));
      for (let attempt = 1; pending.length > 0; attempt++) {
        const chunks = chunkEntries(pending, ({ entry }) => entryBytes(entry));
        await Promise.all(chunks.map((chunk) => publishChunk(props, chunk, { outcomes, signal })));
        pending = pending.filter(({ index }) => isRetryable(outcomes.get(index)));
        if (attempt === MAX_TRIES || signal?.aborted) break;
        if (pending.length > 0) {
          await clock.sleep(
            backoffMilliseconds(attempt, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random }),
          );
        }
      }
      return events.map((_, index) => outcomes.get(index) ?? failure('Unknown', 'SNS gave no answer', true));
    },
  };
}

/** The SNS entry of an event. Its attributes are what filters need, no more: with raw delivery SQS takes ten. */
export function entryOf(event: Envelope, index: number, fifo: boolean): PublishBatchRequestEntry {
  const identity = identityOf(event);
  return {
    Id: String(index),
    Message: serializeEnvelope(event),
    MessageAttributes: {
      type: text(event.type),
      source: text(event.source),
      ...(event.subject !== undefined && { subject: text(event.subject) }),
    },
    MessageGroupId: event.partitionkey ?? (fifo ? digest(identity) : undefined),
    ...(fifo && { MessageDeduplicationId: digest(identity) }),
  };
}

async function publishChunk(
  { sns, topicArn }: TopicPublisherProps,
  chunk: readonly Pending[],
  {
    outcomes,
    signal,
  }: { readonly outcomes: Map<number, PublishOutcome>; readonly signal: AbortSignal | undefined },
): Promise<void> {
  try {
    const answer = await sns.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: chunk.map(({ entry }) => entry),
      }),
      { abortSignal: signal },
    );
    for (const { Id, MessageId } of answer.Successful ?? []) {
      outcomes.set(Number(Id), { status: 'published', messageId: MessageId ?? '' });
    }
    for (const { Id, Code, Message, SenderFault } of answer.Failed ?? []) {
      outcomes.set(
        Number(Id),
        failure(Code ?? 'Unknown', Message ?? 'SNS gave no reason', !SenderFault || isThrottling(Code)),
      );
    }
  } catch (error) {
    // Every event of the request has failed with it; the caller hears of each, and passing reasons are tried again.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    for (const { index } of chunk) outcomes.set(index, failure(name, message, !isClientFault(error)));
  }
}

/** A request that SNS finds wrong is wrong the next time too; throttling, faults of SNS and of the network pass. */
function isClientFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, $retryable } = error as Error & { readonly $fault?: string; readonly $retryable?: object };
  return $fault === 'client' && $retryable === undefined && !isThrottling(error.name);
}

function isThrottling(code = ''): boolean {
  return /throttl|limit/i.test(code);
}

function fits({ index, entry }: Pending, outcomes: Map<number, PublishOutcome>): boolean {
  const bytes = entryBytes(entry);
  if (bytes <= MAX_MESSAGE_BYTES) return true;
  outcomes.set(index, failure('TooLarge', `has ${bytes} bytes; SNS takes ${MAX_MESSAGE_BYTES}`, false));
  return false;
}

function isRetryable(outcome: PublishOutcome | undefined): boolean {
  return outcome === undefined || (outcome.status === 'failed' && outcome.retryable);
}

function failure(code: string, message: string, retryable: boolean): PublishOutcome {
  return { status: 'failed', code, message, retryable };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
