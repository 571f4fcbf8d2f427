import {
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  type SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns';
import type { Envelope } from '../contracts/envelope.ts';
import { backoffMilliseconds } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { chunkEntries, entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';

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
  /** The largest event that it takes, as JSON with its message attributes. */
  readonly maxEventBytes: number;
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
/** Request Timeout and Too Many Requests: answers to the moment, not to the request. */
const PASSING_STATUSES = new Set([408, 429]);
const NO_ANSWER = failure('NoAnswer', 'SNS did not say what became of it', true);
const NOT_SENT = failure('NotSent', 'an event before it was not published', true);

interface Pending {
  readonly index: number;
  readonly entry: PublishBatchRequestEntry;
}

/** What one call of `publish` knows of its events so far, by their index. */
interface Progress {
  readonly outcomes: Map<number, PublishOutcome>;
  readonly signal: AbortSignal | undefined;
}

/**
 * A publisher to one SNS topic.
 *
 * To a FIFO topic it sends one request after the other, and none after one that failed, so that no event overtakes an
 * earlier one of its group; only within a request of ten may SNS take a later event and refuse an earlier one.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export function createTopicPublisher(props: TopicPublisherProps): TopicPublisher {
  const fifo = props.topicArn.endsWith('.fifo');
  return {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (events, { signal } = {}) => {
      const progress: Progress = { outcomes: new Map(), signal };
      const entries = events.map((event, index) => ({ index, entry: entryOf(event, index, fifo) }));
      const sendable = entries.filter((one) => fits(one, progress));
      for (const part of fifo ? chunk(sendable) : [sendable]) {
        await publishPart(props, part, progress);
        if (part.some(({ index }) => progress.outcomes.get(index)?.status === 'failed')) break;
      }
      return events.map((_, index) => progress.outcomes.get(index) ?? NOT_SENT);
    },
  };
}

/** Sends entries, in requests side by side, and those that fail for a passing reason again. */
async function publishPart(
  props: TopicPublisherProps,
  part: readonly Pending[],
  progress: Progress,
): Promise<void> {
  const { clock = systemClock, random = Math.random } = props;
  const backoff = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random };
  let pending = part;
  for (let attempt = 1; pending.length > 0; attempt++) {
    await Promise.all(chunk(pending).map((entries) => publishChunk(props, entries, progress)));
    pending = pending.filter(({ index }) => isRetryable(progress.outcomes.get(index)));
    if (pending.length === 0 || attempt === MAX_TRIES || progress.signal?.aborted) return;
    await clock.sleep(backoffMilliseconds(attempt, backoff));
  }
}

function chunk(entries: readonly Pending[]): Pending[][] {
  return chunkEntries(entries, ({ entry }) => entryBytes(entry));
}

async function publishChunk(
  { sns, topicArn }: TopicPublisherProps,
  entries: readonly Pending[],
  { outcomes, signal }: Progress,
): Promise<void> {
  const setAll = (outcome: PublishOutcome) => {
    for (const { index } of entries) outcomes.set(index, outcome);
  };
  try {
    const { Successful = [], Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: entries.map(({ entry }) => entry),
      }),
      { abortSignal: signal },
    );
    setAll(NO_ANSWER);
    for (const { Id, MessageId = '' } of Successful) {
      outcomes.set(Number(Id), { status: 'published', messageId: MessageId });
    }
    for (const { Id, Code = 'Unknown', Message = 'SNS gave no reason', SenderFault } of Failed) {
      outcomes.set(Number(Id), failure(Code, Message, !SenderFault || isThrottling(Code)));
    }
  } catch (error) {
    // Every event of the request has failed with it; the caller hears of each, and passing reasons are tried again.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    setAll(failure(name, message, !isClientFault(error)));
  }
}

/** A request that SNS finds wrong is wrong the next time too; throttling, faults of SNS and of the network pass. */
function isClientFault(error: unknown): boolean {
  if (!(error instanceof SNSServiceException) || error.$fault !== 'client') return false;
  const passing = error.$retryable !== undefined || isThrottling(error.name);
  return !passing && !PASSING_STATUSES.has(error.$metadata.httpStatusCode ?? 0);
}

function isThrottling(code = ''): boolean {
  return /throttl|limit/i.test(code);
}

function fits({ index, entry }: Pending, { outcomes }: Progress): boolean {
  const bytes = entryBytes(entry);
  if (bytes <= MAX_MESSAGE_BYTES) return true;
  outcomes.set(index, failure('TooLarge', `has ${bytes} bytes; SNS takes ${MAX_MESSAGE_BYTES}`, false));
  return false;
}

function isRetryable(outcome: PublishOutcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.retryable;
}

function failure(code: string, message: string, retryable: boolean): PublishOutcome {
  return { status: 'failed', code, message, retryable };
}
