import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { untilAborted } from '../../aws/until-aborted.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { lookAtArchive } from './plan/look-at-archive.ts';
import { mayStillSend } from './reach/check-reach.ts';
import { taskNumberOf } from './replay-items.ts';
import { readMessage } from './replay-queue.ts';
import { isWanted, taskOf, type WorkPorts, workOnTask } from './work-on-task.ts';

/** A message of SQS, as Lambda hands it over. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

export interface ReplayBatch {
  readonly Records: readonly Message[];
}

export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface ReplayHandlerProps extends WorkPorts {
  /** URL of the queue that the messages come from. */
  readonly replayQueueUrl: string;
  /** After so many receives SQS moves a message to the dead-letter queue. */
  readonly maxReceives: number;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export type ReplayHandler = (
  batch: ReplayBatch,
  context: { getRemainingTimeInMillis(): number },
) => Promise<BatchResponse>;

/** Time that is kept for what is under way when a task has to stop: a request with its repetitions, and a save. */
const MARGIN_MS = 30_000;
/** Time that is kept to note that a message has failed, also when what it waits for is silent. */
const ANSWER_MS = 10_000;
const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 300;
/** A message that waits is received again, which counts: so many receives are kept for what fails. */
const RECEIVES_FOR_FAILURES = 3;

/** Creates the Lambda handler of the replay queue. A message that fails is tried again; a replay whose message fails for good has failed. */
export function createReplayHandler(props: ReplayHandlerProps): ReplayHandler {
  return async ({ Records }, context) => {
    const milliseconds = context.getRemainingTimeInMillis();
    const until = props.clock.now() + milliseconds - MARGIN_MS;
    const answerTime = timeOf(milliseconds - ANSWER_MS);
    const failed: Message[] = [];
    // There is one record at a time: a batch has the size 1.
    for (const record of Records) {
      try {
        const pauseMs = await untilAborted(answerTime, () => handleMessage(props, record, until));
        if (pauseMs === undefined) continue;
        failed.push(record);
        await hide(props, record, Math.ceil(pauseMs / 1_000));
      } catch (error) {
        // It stays in the queue, and is tried again or moved to the dead-letter queue by SQS.
        failed.push(record);
        await noteFailure(props, record, toError(error));
      }
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/**
 * A signal that fires when it is time to answer. What still runs then, in the next invocation, is overtaken: it ends with its next save, and what
 * it has sent until then may be sent twice, which consumers detect.
 */
function timeOf(milliseconds: number): AbortSignal {
  const time = new AbortController();
  const end = (): void => time.abort(new Error('the time of the invocation is over'));
  setTimeout(end, Math.max(0, milliseconds)).unref();
  return time.signal;
}

/** @returns milliseconds after which the message has to come again; undefined when it is done */
async function handleMessage(
  ports: ReplayHandlerProps,
  { body, attributes }: Message,
  until: number,
): Promise<number | undefined> {
  const { replay, part, run, round, next } = readMessage(body);
  const state = await ports.table.read(replay);
  // Paused, ended or resumed since: what was not done is in the table.
  if (!isWanted(state, run)) return undefined;
  const number = taskNumberOf(part);
  if (number === undefined) {
    // That of the round before has come again: its invocation may have died before it started the lanes.
    if (round !== state.round && round !== state.round - 1) return undefined;
    const mayWait =
      Number(attributes.ApproximateReceiveCount) <= Math.max(1, ports.maxReceives - RECEIVES_FOR_FAILURES);
    return lookAtArchive(ports, state, { until, next, mayWait });
  }
  const task = await taskOf(ports.table, replay, number);
  if (await mayStillSend(ports, state, task, until)) await workOnTask(ports, state, task, { until, next });
  return undefined;
}

async function noteFailure(props: ReplayHandlerProps, record: Message, error: Error): Promise<void> {
  const { body, attributes } = record;
  const receives = Number(attributes.ApproximateReceiveCount);
  props.log.error('a part of a replay has failed', { body, receives, error });
  if (receives >= props.maxReceives) return failReplay(props, body, error);
  await hide(props, record, Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (receives - 1)));
}

/** Lets a message come again after so many seconds. */
async function hide(props: ReplayHandlerProps, { receiptHandle }: Message, seconds: number): Promise<void> {
  try {
    await props.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: props.replayQueueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  } catch (cause) {
    // Then it is tried again when the visibility timeout of the queue is over, which is later.
    props.log.error('its visibility cannot be changed', { error: cause });
  }
}

/** Says in the state that it has failed, and why. */
async function failReplay({ table, log }: ReplayHandlerProps, body: string, error: Error): Promise<void> {
  try {
    const { replay, part } = readMessage(body);
    const problem = `${part}: ${reasonOf(error).name}: ${reasonOf(error).message}`;
    await table.change(replay, { status: 'failed', from: ['planning', 'running'], set: { problem } });
  } catch (cause) {
    // The message is in the dead-letter queue, whose alarm says it too.
    log.error('the state of the replay cannot be changed', { error: cause });
  }
}
