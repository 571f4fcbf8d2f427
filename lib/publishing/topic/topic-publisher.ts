import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import type { Clock } from '../../aws/clock.ts';
import { isTransient, isTransientCode } from '../../aws/transient.ts';
import { untilAborted } from '../../aws/until-aborted.ts';
import { type Envelope, identityOf } from '../../contracts/envelope/envelope.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { chunkForPublishing, entryBytes, MAX_BATCH_ENTRIES, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';
import { failure, isRetryable, notEncodable, type PublishOutcome } from './publish-outcome.ts';
import { sendWithRetries } from './send-with-retries.ts';

export type { PublishOutcome } from './publish-outcome.ts';

export interface PublishOptions {
  readonly signal?: AbortSignal | undefined;
  /** Maximum number of requests for one event. @default 4 */
  readonly tries?: number | undefined;
}

export interface TopicPublisher {
  /** The largest event that it accepts, in bytes of JSON with the message attributes. */
  readonly maxEventBytes: number;
  /** Whether the topic keeps the order of a message group: then each event needs a partitionkey. @default false */
  readonly fifo?: boolean;
  /**
   * Publishes events, ten per request. It retries transient failures until the last attempt, or until the signal fires.
   *
   * @returns one outcome per event, in the same order. It returns soon after the signal fires, and never throws for an answer of SNS.
   */
  publish(events: readonly Envelope[], options?: PublishOptions): Promise<readonly PublishOutcome[]>;
}

export interface TopicPublisherProps {
  /** Use a client with `maxAttempts: 1`: the publisher retries itself, and the client's attempts multiply its own. */
  readonly sns: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  /** @default - the system clock */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Maximum number of requests for one event. Only this publisher retries: the SDK's retries are off, and a client that retries asks for fewer. */
const MAX_TRIES = 4;
const NO_ANSWER = failure('NoAnswer', 'the answer of SNS does not mention the event', true);
const NOT_SENT = failure('NotSent', 'an earlier event of its message group was not published', true);

interface Pending {
  readonly index: number;
  readonly entry: PublishBatchRequestEntry;
}

/** The state of one call of `publish`: the outcomes so far, by the index of the event. */
interface Progress {
  readonly outcomes: Map<number, PublishOutcome>;
  readonly signal: AbortSignal | undefined;
  readonly tries: number;
}

/**
 * Creates a publisher for one SNS topic.
 *
 * On a FIFO topic, it sends the events of a message group one after the other, and stops after one that failed. So no event overtakes
 * an earlier one of its group: SNS may accept a later entry of a request and refuse an earlier one. Ten groups share their requests, and wait for no
 * other group.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export function createTopicPublisher(props: TopicPublisherProps): TopicPublisher {
  const fifo = props.topicArn.endsWith('.fifo');
  return {
    maxEventBytes: MAX_MESSAGE_BYTES,
    fifo,
    publish: async (events, { signal, tries = MAX_TRIES } = {}) => {
      const progress: Progress = { outcomes: new Map(), signal, tries };
      const entries = new Map(events.flatMap((event, index) => encode(event, index, fifo, progress)));
      if (fifo) await publishInOrder(props, groupsOf(events), entries, progress);
      else await publishPart(props, [...entries.values()], progress);
      return events.map((_, index) => progress.outcomes.get(index) ?? NOT_SENT);
    },
  };
}

/** The entry of an event with its index. If SNS would not accept it, there is no entry, and its outcome is set. */
function encode(event: Envelope, index: number, fifo: boolean, { outcomes }: Progress): [number, Pending][] {
  try {
    const entry = entryOf(event, index, fifo);
    const bytes = entryBytes(entry);
    if (bytes <= MAX_MESSAGE_BYTES) return [[index, { index, entry }]];
    outcomes.set(
      index,
      failure('TooLarge', `has ${bytes} bytes; SNS accepts at most ${MAX_MESSAGE_BYTES}`, false),
    );
  } catch (error) {
    // This event can never be sent. The other events of the call can.
    outcomes.set(index, notEncodable(error));
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

/** Sends the groups, ten together. Those of a length go together, so that this needs no more requests than all in step would. */
async function publishInOrder(
  props: TopicPublisherProps,
  groups: readonly (readonly number[])[],
  entries: ReadonlyMap<number, Pending>,
  progress: Progress,
): Promise<void> {
  const byLength = groups.toSorted((a, b) => b.length - a.length);
  const lanes = chunkEntries(byLength, () => 0, { maxEntries: MAX_BATCH_ENTRIES, maxBytes: 0 });
  await Promise.all(lanes.map((lane) => publishInStep(props, lane, entries, progress)));
}

/** Sends in rounds. Each round has the next event of every group whose earlier events are all published. */
async function publishInStep(
  props: TopicPublisherProps,
  groups: readonly (readonly number[])[],
  entries: ReadonlyMap<number, Pending>,
  progress: Progress,
): Promise<void> {
  let active = groups;
  for (let round = 0; active.length > 0; round++) {
    const part = active.flatMap((group) => entries.get(group[round] ?? -1) ?? []);
    await publishPart(props, part, progress);
    active = active.filter(
      (group) =>
        round + 1 < group.length && progress.outcomes.get(group[round] ?? -1)?.status === 'published',
    );
  }
}

/** Sends entries in parallel requests, and retries those that fail with a transient error. */
async function publishPart(
  props: TopicPublisherProps,
  part: readonly Pending[],
  progress: Progress,
): Promise<void> {
  await sendWithRetries(part, {
    send: (pending) =>
      Promise.all(
        chunkForPublishing(pending, ({ entry }) => entry).map((entries) =>
          publishChunk(props, entries, progress),
        ),
      ),
    failed: ({ index }) => isRetryable(progress.outcomes.get(index)),
    tries: progress.tries,
    signal: progress.signal,
    clock: props.clock,
    random: props.random,
  });
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
    // Every event of the request gets this failure as its outcome. Transient ones are retried.
    const { name, message } = reasonOf(toError(error));
    setAll(failure(name, message, signal?.aborted === true || isTransient(error)));
  }
}
