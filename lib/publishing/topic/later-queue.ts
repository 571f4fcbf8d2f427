import type {
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
  SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import { type Clock, systemClock } from '../../aws/clock.ts';
import { MESSAGE_BATCH_LIMITS, messageBytes } from '../../aws/message-batch.ts';
import { isTransient, isTransientCode } from '../../aws/transient.ts';
import { untilAborted } from '../../aws/until-aborted.ts';
import { deliveryTime } from '../../contracts/envelope/deliver-at.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { type LaterMessage, serializeLaterMessage } from '../../later/later-message.ts';
import { failure, isRetryable, notEncodable, type PublishOutcome } from './publish-outcome.ts';
import { sendWithRetries } from './send-with-retries.ts';
import type { PublishOptions } from './topic-publisher.ts';

/** Sends a batch to SQS. The answer may have failed entries. @throws Error when the whole request fails */
export type SendBatch = (
  input: SendMessageBatchCommandInput,
  options: { readonly abortSignal: AbortSignal | undefined },
) => Promise<Pick<SendMessageBatchCommandOutput, 'Successful' | 'Failed'>>;

export interface LaterQueueProps {
  readonly sendBatch: SendBatch;
  readonly queueUrl: string;
  /** @default - the system clock */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** The queue of events that come later, and of what cancels them. */
export interface LaterQueue {
  /**
   * Sends messages, ten per request. It retries transient failures until the last attempt, or until the signal fires.
   *
   * @returns one outcome per message, in the same order. It never throws for an answer of SQS.
   */
  send(messages: readonly LaterMessage[], options?: PublishOptions): Promise<readonly PublishOutcome[]>;
}

/** The longest delay of a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html */
export const MAX_QUEUE_DELAY_SECONDS = 900;
const MAX_TRIES = 4;
const NO_ANSWER = failure('NoAnswer', 'the answer of SQS does not mention the message', true);

/** Creates the sender of the queue. A repeated message does no harm: an event has one schedule, and its consumers handle it once. */
export function createLaterQueue(props: LaterQueueProps): LaterQueue {
  const { clock = systemClock, random } = props;
  return {
    send: async (messages, { signal, tries = MAX_TRIES } = {}) => {
      const outcomes: PublishOutcome[] = messages.map(() => NO_ANSWER);
      const entries = messages.flatMap((message, index) =>
        encode(message, index, { outcomes, now: clock.now() }),
      );
      await sendWithRetries(entries, {
        send: (pending) =>
          Promise.all(
            chunkEntries(pending, messageBytes, MESSAGE_BATCH_LIMITS).map((chunk) =>
              sendChunk(props, chunk, { outcomes, signal }),
            ),
          ),
        failed: ({ Id }) => isRetryable(outcomes[Number(Id)]),
        ...{ tries, signal, clock, random },
      });
      return outcomes;
    },
  };
}

/** The entry of a message. If there can be none, its outcome is set. */
function encode(
  message: LaterMessage,
  index: number,
  { outcomes, now }: { readonly outcomes: PublishOutcome[]; readonly now: number },
): SendMessageBatchRequestEntry[] {
  try {
    return [entryOf(message, index, now)];
  } catch (error) {
    // This message can never be sent. The other messages of the call can.
    outcomes[index] = notEncodable(error);
    return [];
  }
}

/**
 * The entry of a message. What is due within 15 minutes is delayed by the queue, to the second. What is due later comes at once to the
 * function of the queue, which makes a schedule for it.
 *
 * @throws TypeError when the event says no time
 */
function entryOf(message: LaterMessage, index: number, now: number): SendMessageBatchRequestEntry {
  const seconds = 'event' in message ? Math.ceil(((deliveryTime(message.event) ?? now) - now) / 1_000) : 0;
  if (Number.isNaN(seconds)) throw new TypeError('deliverat is no time');
  return {
    Id: String(index),
    MessageBody: serializeLaterMessage(message),
    DelaySeconds: seconds > MAX_QUEUE_DELAY_SECONDS ? 0 : Math.max(0, seconds),
  };
}

async function sendChunk(
  { sendBatch, queueUrl }: LaterQueueProps,
  entries: readonly SendMessageBatchRequestEntry[],
  { outcomes, signal }: { outcomes: PublishOutcome[]; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const setAll = (outcome: PublishOutcome) => {
    for (const { Id } of entries) outcomes[Number(Id)] = outcome;
  };
  try {
    const { Successful = [], Failed = [] } = await untilAborted(signal, () =>
      sendBatch({ QueueUrl: queueUrl, Entries: [...entries] }, { abortSignal: signal }),
    );
    setAll(NO_ANSWER);
    for (const { Id, MessageId = '' } of Successful)
      outcomes[Number(Id)] = { status: 'published', messageId: MessageId };
    for (const { Id, Code = 'Unknown', Message = 'SQS gave no reason', SenderFault } of Failed)
      outcomes[Number(Id)] = failure(Code, Message, !SenderFault || isTransientCode(Code));
  } catch (error) {
    // Every message of the request gets this failure as its outcome. Transient ones are retried.
    const { name, message } = reasonOf(toError(error));
    setAll(failure(name, message, signal?.aborted === true || isTransient(error)));
  }
}
