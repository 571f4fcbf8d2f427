import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MAX_RECEIVE_MESSAGES } from '../aws-limits.ts';
import type { MessagingEngine, Queue } from '../engines/fauxqs.ts';
import { MOVE_HEADER } from '../refused/refuse-like-sqs.ts';

/** The parameters of a move task. */
export interface MoveRequest {
  readonly from: Queue;
  /** @default - each message goes to the queue that it came from */
  readonly to: Queue | undefined;
  /** @default - no limit */
  readonly perSecond: number | undefined;
}

type Status = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

/** While a message is being moved, it is hidden from other receivers for this time. */
const VISIBILITY_SECONDS = 30;

/**
 * One message-move task of SQS. Messages sent after its start are not moved, so that the task ends even if its messages fail again at once.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html
 */
export class MessageMoveTask {
  readonly handle = randomUUID();
  moved = 0;
  readonly #startedAt = Date.now();
  readonly #toMove: number;
  readonly #engine: MessagingEngine;
  readonly #sqs: SQSClient;
  readonly #request: MoveRequest;
  #status: Status = 'RUNNING';
  #failureReason: string | undefined;

  constructor(engine: MessagingEngine, sqs: SQSClient, request: MoveRequest) {
    this.#engine = engine;
    this.#sqs = sqs;
    this.#request = request;
    this.#toMove = engine.depthOf(request.from.url).visible;
  }

  get sourceArn(): string {
    return this.#request.from.arn;
  }

  get isRunning(): boolean {
    return this.#status === 'RUNNING';
  }

  /** Whether it runs or is being cancelled. Then it still holds messages. */
  get isUnderWay(): boolean {
    return this.isRunning || this.#status === 'CANCELLING';
  }

  /** The task in the result of ListMessageMoveTasks. A task that has ended has no handle. */
  get entry(): ListMessageMoveTasksResultEntry {
    return {
      ...(this.isRunning && { TaskHandle: this.handle }),
      Status: this.#status,
      SourceArn: this.sourceArn,
      DestinationArn: this.#request.to?.arn,
      MaxNumberOfMessagesPerSecond: this.#request.perSecond,
      ApproximateNumberOfMessagesMoved: this.moved,
      ApproximateNumberOfMessagesToMove: this.#toMove,
      FailureReason: this.#failureReason,
      StartedTimestamp: this.#startedAt,
    };
  }

  /** Stops the task before its next message. Its status becomes CANCELLED when the messages that it holds are visible again. */
  cancel(): void {
    this.#status = 'CANCELLING';
  }

  /** Moves the messages. Never rejects: `entry` shows a failure. */
  async run(): Promise<void> {
    const held: Message[] = [];
    let end: Status = 'CANCELLED';
    try {
      for (let batch = await this.#receive(); batch.length > 0; batch = await this.#receive()) {
        held.push(...batch);
        for (const message of batch) {
          if (Number(message.Attributes?.SentTimestamp) > this.#startedAt) continue;
          await this.#pause();
          if (!this.isRunning) return;
          await this.#moveOne(message);
          held.splice(held.indexOf(message), 1);
        }
      }
      end = 'COMPLETED';
    } catch (error) {
      end = 'FAILED';
      this.#failureReason = reasonOf(error);
    } finally {
      await this.#release(held);
      this.#status = end;
    }
  }

  async #pause(): Promise<void> {
    const { perSecond } = this.#request;
    if (perSecond !== undefined) await sleep(1_000 / perSecond);
  }

  async #moveOne({ MessageId, Body, MessageAttributes, Attributes, ReceiptHandle }: Message): Promise<void> {
    const { from } = this.#request;
    const to = this.#request.to?.arn ?? this.#engine.originOf(from, ReceiptHandle);
    if (to === undefined) throw new Error('CouldNotDetermineMessageSource');
    const fifo = { MessageGroupId: Attributes?.MessageGroupId, MessageDeduplicationId: MessageId };
    const send = new SendMessageCommand({
      QueueUrl: this.#engine.sqs.getQueueByArn(to)?.url ?? to,
      MessageBody: Body,
      MessageAttributes,
      // A new deduplication id: under the old one the queue could drop the message as a duplicate.
      ...(from.isFifo() && fifo),
    });
    markAsMove(send);
    await this.#sqs.send(send);
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: from.url, ReceiptHandle }));
    this.moved += 1;
  }

  async #receive(): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#request.from.url,
        MaxNumberOfMessages: MAX_RECEIVE_MESSAGES,
        VisibilityTimeout: VISIBILITY_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async #release(messages: readonly Message[]): Promise<void> {
    for (const { ReceiptHandle } of messages) {
      const command = { QueueUrl: this.#request.from.url, ReceiptHandle, VisibilityTimeout: 0 };
      // If the queue or the engine is gone, this fails. The message becomes visible again after its timeout.
      await this.#sqs.send(new ChangeMessageVisibilityCommand(command)).catch(() => undefined);
    }
  }
}

/** What a queue holds is moved as it is, also a message through SNS that SQS would refuse from a sender. */
function markAsMove({ middlewareStack }: SendMessageCommand): void {
  middlewareStack.add(
    (next) => (args) => {
      if (hasHeaders(args.request)) args.request.headers[MOVE_HEADER] = 'true';
      return next(args);
    },
    { step: 'build', name: 'markAsMove' },
  );
}

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

function reasonOf(error: unknown): string {
  if (error instanceof QueueDoesNotExist) return 'AWS.SimpleQueueService.NonExistentQueue';
  return error instanceof Error ? error.message : String(error);
}
