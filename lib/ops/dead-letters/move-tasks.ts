import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { MAX_LISTED_MOVE_TASKS } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import { explainMissingQueue } from './explain-missing-queue.ts';

/** A redrive that SQS itself does. It continues also when the command that started it has ended. */
export interface MoveTask {
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  /** Epoch milliseconds. */
  readonly startedAt?: number | undefined;
  /** Approximately. */
  readonly moved: number;
  /** Number of messages to move when it began, approximately. */
  readonly toMove?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly failureReason?: string | undefined;
  /** Needed to cancel it; only a running task has one. */
  readonly handle?: string | undefined;
}

const CHECK_INTERVAL_MS = 500;
const UNFINISHED: readonly string[] = ['RUNNING', 'CANCELLING'];

export interface MoveOptions {
  /** The deployment, for the commands that an error advises. */
  readonly where: Whereabouts;
  readonly perSecond?: number | undefined;
  /** Cancels it. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((moved: number) => void) | undefined;
}

/** The latest redrives by SQS of a consumer's dead letters, at most ten, the latest first. */
export async function listMoves(
  { sqs }: Pick<OpsClients, 'sqs'>,
  consumer: DeployedConsumer,
): Promise<readonly MoveTask[]> {
  return list(sqs, await deadLetterQueueArn(sqs, consumer), MAX_LISTED_MOVE_TASKS);
}

/**
 * Stops the running redrive of a consumer's dead letters by SQS. Messages that are not moved yet stay.
 *
 * @returns the ended task; undefined when none was running
 */
export async function cancelMove(
  { sqs }: Pick<OpsClients, 'sqs'>,
  consumer: DeployedConsumer,
): Promise<MoveTask | undefined> {
  const arn = await deadLetterQueueArn(sqs, consumer);
  const [task] = await list(sqs, arn, 1);
  if (!task || !UNFINISHED.includes(task.status)) return undefined;
  if (task.handle !== undefined)
    await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: task.handle }));
  return follow(sqs, arn, {});
}

/**
 * Makes SQS move all dead letters of a consumer to its queue, and waits for the end. The request names the destination, because SQS does not know
 * the source of messages that the consumer itself sent to the dead-letter queue.
 *
 * @throws Error when SQS refuses, when a task for this queue runs already, or when the task fails
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export async function moveAll(
  { sqs }: Pick<OpsClients, 'sqs'>,
  consumer: DeployedConsumer,
  { where, perSecond, ...options }: MoveOptions,
): Promise<MoveTask> {
  const [SourceArn, DestinationArn] = await Promise.all([
    deadLetterQueueArn(sqs, consumer),
    explainMissingQueue(consumer, 'queue', () => arnOf(sqs, consumer.queueUrl)),
  ]);
  const { label } = consumer;
  const [running] = await list(sqs, SourceArn, 1);
  if (running && UNFINISHED.includes(running.status)) {
    const [show, stop] = [`dlq moves ${label}`, `dlq cancel ${label}`].map((one) =>
      fanfareCommand(one, where),
    );
    throw new Error(
      `SQS is already moving the dead letters of ${label}; show the progress with: ${show}; stop it with: ${stop}`,
    );
  }
  await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }),
  );
  const task = await follow(sqs, SourceArn, options);
  if (task.status !== 'FAILED') return task;
  throw new Error(
    `SQS stopped after ${task.moved} dead letters: ${task.failureReason}; the others are still in the dead-letter queue`,
  );
}

/** Waits for the end of the latest task of a queue. */
async function follow(
  sqs: OpsClients['sqs'],
  arn: string,
  { signal, onProgress }: Omit<MoveOptions, 'perSecond' | 'where'>,
): Promise<MoveTask> {
  for (;;) {
    const [task] = await list(sqs, arn, 1);
    if (!task) throw new Error(`SQS no longer lists a task that moves the messages of ${arn}`);
    onProgress?.(task.moved);
    if (!UNFINISHED.includes(task.status)) return task;
    if (signal?.aborted && task.status === 'RUNNING' && task.handle !== undefined) {
      await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: task.handle }));
      signal = undefined;
      continue;
    }
    // The abort ends the sleep. Then the task is cancelled above.
    await sleep(CHECK_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function list(
  sqs: OpsClients['sqs'],
  SourceArn: string,
  MaxResults: number,
): Promise<readonly MoveTask[]> {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults }));
  return Results.map(taskOf);
}

function taskOf(entry: ListMessageMoveTasksResultEntry): MoveTask {
  return {
    status: statusOf(entry.Status),
    startedAt: entry.StartedTimestamp,
    moved: entry.ApproximateNumberOfMessagesMoved ?? 0,
    toMove: entry.ApproximateNumberOfMessagesToMove,
    perSecond: entry.MaxNumberOfMessagesPerSecond,
    failureReason: entry.FailureReason,
    handle: entry.TaskHandle,
  };
}

function statusOf(text: string | undefined): MoveTask['status'] {
  switch (text) {
    case 'RUNNING':
    case 'COMPLETED':
    case 'CANCELLING':
    case 'CANCELLED':
    case 'FAILED':
      return text;
    default:
      throw new Error(`SQS returned the unknown task status '${text}'`);
  }
}

function deadLetterQueueArn(sqs: OpsClients['sqs'], consumer: DeployedConsumer): Promise<string> {
  return explainMissingQueue(consumer, 'dead-letter queue', () => arnOf(sqs, consumer.deadLetterQueueUrl));
}

async function arnOf(sqs: OpsClients['sqs'], QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const arn = (await sqs.send(command)).Attributes?.QueueArn;
  if (arn !== undefined) return arn;
  throw new Error(`SQS returned no ARN of ${QueueUrl}`);
}
