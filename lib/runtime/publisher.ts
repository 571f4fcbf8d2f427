import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import { type Envelope, identityOf } from '../contracts/envelope.ts';
import { backoffMilliseconds } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { reasonOf, toError } from './error-reason.ts';
import { chunkForPublishing, entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';
import { isTransient, isTransientCode } from './transient.ts';
import { untilAborted } from './until-aborted.ts';

/** What became of one event. */
export type PublishOutcome =
  | { readonly status: 'published'; readonly messageId: string }
  | {
      readonly status: 'failed';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

export interface PublishOptions {
  readonly signal?: AbortSignal | undefined;
  /** Requests per event at most. @default 4 */
  readonly tries?: number | undefined;
}

export interface TopicPublisher {
  /** The largest event that it takes, as JSON with its message attributes. */
  readonly maxEventBytes: number;
  /**
   * Publishes events, ten to a request. What fails for a passing reason is tried again until the tries are used up or the signal
   * fires.
   *
   * @returns one outcome per event, in the order given, and soon after the signal; it never throws for what SNS answers
   */
  publish(events: readonly Envelope[], options?: PublishOptions): Promise<readonly PublishOutcome[]>;
}

export interface TopicPublisherProps {
  /** Best one that does not try again itself (`maxAttempts: 1`): its attempts count for each of the tries here. */
  readonly sns: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  /** @default - the system's */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Requests per event at most. This is the one place that tries again: not the SDK below it, nor a client above that does so itself. */
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
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
  readonly tries: number;
}

/**
 * A publisher to one SNS topic.
 *
 * To a FIFO topic it sends the events of one message group one after the other, and none after one that failed, so that
 * no event overtakes an earlier one of its group: SNS may take a later entry of a request and refuse an earlier one.
 * Groups do not wait for each other.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export function createTopicPublisher(props: TopicPublisherProps): TopicPublisher {
  const fifo = props.topicArn.endsWith('.fifo');
  return {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (events, { signal, tries = MAX_TRIES } = {}) => {
      const progress: Progress = { outcomes: new Map(), signal, tries };
      const entries = new Map(events.flatMap((event, index) => encode(event, index, fifo, progress)));
      if (fifo) await publishInOrder(props, groupsOf(events), entries, progress);
      else await publishPart(props, [...entries.values()], progress);
      return events.map((_, index) => progress.outcomes.get(index) ?? NOT_SENT);
    },
  };
}

/** The entry of an event by its index; none, but its outcome, when SNS would not take it. */
function encode(event: Envelope, index: number, fifo: boolean, { outcomes }: Progress): [number, Pending][] {
  try {
    const entry = entryOf(event, index, fifo);
    const bytes = entryBytes(entry);
    if (bytes <= MAX_MESSAGE_BYTES) return [[index, { index, entry }]];
    outcomes.set(index, failure('TooLarge', `has ${bytes} bytes; SNS takes ${MAX_MESSAGE_BYTES}`, false));
  } catch (error) {
    // This event cannot be sent, today or tomorrow; the others of the call can.
    outcomes.set(index, failure('NotEncodable', reasonOf(toError(error)).message, false));
  }
  return [];
}

/** The indices of the events of each message group, in their order. */
function groupsOf(events: readonly Envelope[]): readonly (readonly number[])[] {
  const indices = events.map((_, index) => index);
  return [...Map.groupBy(indices, (index) => groupOf(events[index])).values()];
}

function groupOf(event: Envelope | undefined): string | undefined {
  return event && (event.partitionkey ?? identityOf(event));
}

/** Sends in rounds, each with the next event of every group whose events so far have all been published. */
async function publishInOrder(
  props: TopicPublisherProps,
  groups: readonly (readonly number[])[],
  entries: ReadonlyMap<number, Pending>,
  progress: Progress,
): Promise<void> {
  let going = groups;
  for (let round = 0; going.length > 0; round++) {
    const part = going.flatMap((group) => entries.get(group[round] ?? -1) ?? []);
    await publishPart(props, part, progress);
    going = going.filter(
      (group) =>
        round + 1 < group.length && progress.outcomes.get(group[round] ?? -1)?.status === 'published',
    );
  }
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
    await Promise.all(
      chunkForPublishing(pending, ({ entry }) => entry).map((entries) =>
        publishChunk(props, entries, progress),
      ),
    );
    pending = pending.filter(({ index }) => isRetryable(progress.outcomes.get(index)));
    if (pending.length === 0 || attempt === progress.tries || progress.signal?.aborted) return;
    const pause = backoffMilliseconds(attempt, backoff);
    // When the signal fires there is no other try; what is known so far is the outcome.
    await untilAborted(progress.signal, () => clock.sleep(pause)).catch(() => undefined);
    if (progress.signal?.aborted) return;
  }
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
    const command = new PublishBatchCommand({
      TopicArn: topicArn,
      PublishBatchRequestEntries: entries.map(({ entry }) => entry),
    });
    const { Successful = [], Failed = [] } = await untilAborted(signal, () =>
      sns.send(command, { abortSignal: signal }),
    );
    setAll(NO_ANSWER);
    for (const { Id, MessageId = '' } of Successful) {
      outcomes.set(Number(Id), { status: 'published', messageId: MessageId });
    }
    for (const { Id, Code = 'Unknown', Message = 'SNS gave no reason', SenderFault } of Failed) {
      outcomes.set(Number(Id), failure(Code, Message, !SenderFault || isTransientCode(Code)));
    }
  } catch (error) {
    // Every event of the request has failed with it; the caller is told of each, and what may pass is tried again.
    const { name, message } = reasonOf(toError(error));
    setAll(failure(name, message, signal?.aborted === true || isTransient(error)));
  }
}

function isRetryable(outcome: PublishOutcome | undefined): boolean {
  return outcome?.status === 'failed' && outcome.retryable;
}

function failure(code: string, message: string, retryable: boolean): PublishOutcome {
  return { status: 'failed', code, message, retryable };
}
