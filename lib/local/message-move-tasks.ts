import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { MessagingEngine } from './engines/fauxqs.ts';

interface MoveTask {
  readonly SourceArn: string;
  readonly DestinationArn: string;
  readonly StartedTimestamp: number;
  readonly TaskHandle: string;
  ApproximateNumberOfMessagesMoved: number;
  Status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly MaxNumberOfMessagesPerSecond?: number | undefined;
  FailureReason?: string;
}

interface TaskRequest {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly TaskHandle?: string;
}

/** How long a message that is being moved is hidden from others. */
const VISIBILITY_SECONDS = 30;

/**
 * SQS's own redrive, which the engine lacks: message-move tasks that are started, listed and cancelled. As on AWS, a moved message
 * gets a new id, and without a destination it goes back to the queue that the dead-letter queue serves.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MessageMoveTasks {
  readonly #tasks: MoveTask[] = [];
  readonly #engine: MessagingEngine;
  readonly #sqs: SQSClient;

  constructor(engine: MessagingEngine, sqs: SQSClient) {
    this.#engine = engine;
    this.#sqs = sqs;
  }

  /** Takes these actions before the engine sees them. Call it before the engine listens. */
  serve(): void {
    this.#engine.app.addHook('preHandler', async (request, reply) => {
      const target = request.headers['x-amz-target'];
      // The engine has parsed the body as the JSON of an SQS request.
      const body = request.body as TaskRequest;
      if (target === 'AmazonSQS.StartMessageMoveTask') return reply.send(this.#start(body, reply));
      if (target === 'AmazonSQS.ListMessageMoveTasks') return reply.send({ Results: this.#list(body) });
      if (target === 'AmazonSQS.CancelMessageMoveTask') return reply.send(this.#cancel(body));
    });
  }

  #start(
    { SourceArn = '', DestinationArn = this.#sourceOf(SourceArn), MaxNumberOfMessagesPerSecond }: TaskRequest,
    reply: { status(code: number): unknown },
  ): object {
    if (DestinationArn === undefined || !this.#engine.sqs.getQueueByArn(SourceArn)) {
      reply.status(400);
      return {
        __type: 'com.amazonaws.sqs#ResourceNotFoundException',
        message: `${SourceArn} is no dead-letter queue of a queue`,
      };
    }
    const task: MoveTask = {
      SourceArn,
      DestinationArn,
      StartedTimestamp: Date.now(),
      TaskHandle: randomUUID(),
      ApproximateNumberOfMessagesMoved: 0,
      Status: 'RUNNING',
      MaxNumberOfMessagesPerSecond,
    };
    this.#tasks.unshift(task);
    this.#move(task).catch((error: unknown) => {
      // Nobody waits for a task; its failure is kept where ListMessageMoveTasks shows it.
      task.Status = 'FAILED';
      task.FailureReason = error instanceof Error ? error.message : String(error);
    });
    return { TaskHandle: task.TaskHandle };
  }

  #list({ SourceArn }: TaskRequest): readonly MoveTask[] {
    return this.#tasks.filter((task) => task.SourceArn === SourceArn);
  }

  #cancel({ TaskHandle }: TaskRequest): object {
    const task = this.#tasks.find((one) => one.TaskHandle === TaskHandle);
    if (task?.Status === 'RUNNING') task.Status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task?.ApproximateNumberOfMessagesMoved ?? 0 };
  }

  #sourceOf(deadLetterArn: string): string | undefined {
    return [...this.#engine.sqs.allQueues()].find(({ attributes }) =>
      attributes.RedrivePolicy?.includes(`"${deadLetterArn}"`),
    )?.arn;
  }

  /** What is sent after the start is not moved, so that a task ends even if its messages die again at once. */
  async #move(task: MoveTask): Promise<void> {
    const [from, to] = await Promise.all(
      [task.SourceArn, task.DestinationArn].map((arn) => this.#urlOf(arn)),
    );
    const pauseMs = task.MaxNumberOfMessagesPerSecond ? 1_000 / task.MaxNumberOfMessagesPerSecond : 0;
    const late: Message[] = [];
    for (let batch = await this.#receive(from); batch.length > 0; batch = await this.#receive(from)) {
      for (const message of batch) {
        // What was received and is not moved comes back by itself.
        if (task.Status !== 'RUNNING') return;
        if (Number(message.Attributes?.SentTimestamp) > task.StartedTimestamp) {
          late.push(message);
          continue;
        }
        if (pauseMs > 0) await sleep(pauseMs);
        await this.#moveOne(message, from, to);
        task.ApproximateNumberOfMessagesMoved += 1;
      }
    }
    for (const { ReceiptHandle } of late) {
      const command = { QueueUrl: from, ReceiptHandle, VisibilityTimeout: 0 };
      await this.#sqs.send(new ChangeMessageVisibilityCommand(command));
    }
    task.Status = 'COMPLETED';
  }

  async #moveOne(
    { Body, MessageAttributes, Attributes, ReceiptHandle }: Message,
    from: string | undefined,
    to: string | undefined,
  ): Promise<void> {
    const { MessageGroupId, MessageDeduplicationId } = Attributes ?? {};
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: to,
        MessageBody: Body,
        MessageAttributes,
        MessageGroupId,
        MessageDeduplicationId,
      }),
    );
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
  }

  async #receive(QueueUrl: string | undefined): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: VISIBILITY_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async #urlOf(arn: string): Promise<string | undefined> {
    return (await this.#sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }))).QueueUrl;
  }
}
