import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  type MessageAttributeValue,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { type Selection, selects, selectsAll } from './dead-letter.ts';
import { holdLetters } from './hold-letters.ts';

export interface RedriveOptions {
  readonly selection: Selection;
  /** Messages a second at most, 1 to 500. @default - as fast as it goes */
  readonly perSecond?: number | undefined;
  /** Stops it; what is not moved by then stays where it is. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how many are moved, from time to time. */
  readonly onProgress?: ((moved: number) => void) | undefined;
}

/** Attributes that say why a letter was dead; it is to be tried again without them. */
const REASON = new Set(['errorName', 'errorMessage', 'receiveCount', 'attempts', 'failedAt']);
const LOOK_MS = 500;

/**
 * Sends dead letters back to their consumer's queue. All of them are moved by SQS's own task; a selection is moved one by one,
 * sent before it is deleted: stopped half-way, a letter may come twice, which its consumer sees, but none is lost.
 *
 * @returns how many were moved
 * @throws Error when SQS refuses, or its task fails
 */
export async function redrive(
  clients: OpsClients,
  consumer: DeployedConsumer,
  options: RedriveOptions,
): Promise<number> {
  return selectsAll(options.selection)
    ? redriveAll(clients, consumer, options)
    : redriveSelected(clients, consumer, options);
}

/**
 * The destination is named: of letters that a consumer has given up itself SQS does not know where they came from.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
async function redriveAll(
  { sqs }: OpsClients,
  { queueUrl, deadLetterQueueUrl }: DeployedConsumer,
  { perSecond, signal, onProgress }: RedriveOptions,
): Promise<number> {
  const [SourceArn, DestinationArn] = await Promise.all([
    arnOf(sqs, deadLetterQueueUrl),
    arnOf(sqs, queueUrl),
  ]);
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }),
  );
  for (;;) {
    const { Results: [task] = [] } = await sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }),
    );
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    onProgress?.(moved);
    if (task?.Status === 'FAILED') throw new Error(`SQS has stopped moving: ${task.FailureReason}`);
    if (task?.Status !== 'RUNNING') return moved;
    if (signal?.aborted) {
      await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
      return moved;
    }
    // The abort ends the sleep, and the next look ends the task.
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function arnOf(sqs: OpsClients['sqs'], QueueUrl: string): Promise<string | undefined> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(command)).Attributes?.QueueArn;
}

async function redriveSelected(
  clients: OpsClients,
  consumer: DeployedConsumer,
  { selection, perSecond, signal, onProgress }: RedriveOptions,
): Promise<number> {
  const startedAt = Date.now();
  let moved = 0;
  for await (const letters of holdLetters(clients, consumer)) {
    for (const { letter, message } of letters) {
      if (signal?.aborted) return moved;
      if (!selects(selection, letter) || isSentSince(message, startedAt)) continue;
      await sendBack(clients, consumer, message);
      moved += 1;
      onProgress?.(moved);
      // The abort ends the sleep, and then the redrive.
      if (perSecond !== undefined)
        await sleep(1_000 / perSecond, undefined, { signal }).catch(() => undefined);
    }
  }
  return moved;
}

/** What dies again while it is redriven stays dead: a consumer that is not mended would get it for ever. */
function isSentSince({ Attributes }: Message, startedAt: number): boolean {
  return Number(Attributes?.SentTimestamp) > startedAt;
}

/** Sends a dead letter to its consumer, with another body if one is given, and only then deletes it. */
export async function sendBack(
  { sqs }: Pick<OpsClients, 'sqs'>,
  { queueUrl, deadLetterQueueUrl }: DeployedConsumer,
  { MessageId, Body, Attributes, MessageAttributes = {}, ReceiptHandle }: Message,
): Promise<void> {
  const kept = Object.entries(MessageAttributes).filter(([name]) => !REASON.has(name));
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: Body,
      MessageAttributes: Object.fromEntries(kept) satisfies Record<string, MessageAttributeValue>,
      MessageGroupId: Attributes?.MessageGroupId,
      ...(queueUrl.endsWith('.fifo') && { MessageDeduplicationId: MessageId }),
    }),
  );
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterQueueUrl, ReceiptHandle }));
}
