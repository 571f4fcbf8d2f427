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
import type { MessagingEngine, Queue } from './engines/fauxqs.ts';

/** What a task moves, and how fast. */
export interface MoveRequest {
  readonly from: Queue;
  /** @default - each message to the queue that it comes from */
  readonly to: Queue | undefined;
  /** @default - as fast as it goes */
  readonly perSecond: number | undefined;
}

type Status = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** How long a message that is being moved is hidden from others. */
const VISIBILITY_SECONDS = 30;

/**
 * One task of SQS's redrive. What is sent after the start is not moved, so that a task ends even if its messages die again at once.
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

  /** It as ListMessageMoveTasks shows it: a task that has ended has no handle. */
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

  /** Stops it before the next message. */
  cancel(): void {
    this.#status = 'CANCELLED';
  }

  /** Moves what there is. Never rejects: a failure is kept where `entry` shows it. */
  async run(): Promise<void> {
    const kept: Message[] = [];
    try {
      for (let batch = await this.#receive(); batch.length > 0; batch = await this.#receive()) {
        kept.push(...batch);
        for (const message of batch) {
          if (Number(message.Attributes?.SentTimestamp) > this.#startedAt) continue;
          await this.#pause();
          if (!this.isRunning) return;
          await this.#moveOne(message);
          kept.splice(kept.indexOf(message), 1);
        }
      }
      this.#status = 'COMPLETED';
    } catch (error) {
      this.#status = 'FAILED';
      this.#failureReason = reasonOf(error);
    } finally {
      await this.#release(kept);
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
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: this.#engine.sqs.getQueueByArn(to)?.url ?? to,
        MessageBody: Body,
        MessageAttributes,
        // Under its own deduplication id the queue would take it for one that it has had a moment ago, and drop it.
        ...(from.isFifo() && fifo),
      }),
    );
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: from.url, ReceiptHandle }));
    this.moved += 1;
  }

  async #receive(): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#request.from.url,
        MaxNumberOfMessages: 10,
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
      // What cannot be released, because the queue or the engine is gone, comes back by itself.
      await this.#sqs.send(new ChangeMessageVisibilityCommand(command)).catch(() => undefined);
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof QueueDoesNotExist) return 'AWS.SimpleQueueService.NonExistentQueue';
  return error instanceof Error ? error.message : String(error);
}
