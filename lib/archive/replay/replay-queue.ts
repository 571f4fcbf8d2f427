import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { clipText } from '../../contracts/text/clip-text.ts';
import { partOf } from './replay-items.ts';
import { laneOf, type ReplayState, type ReplayTask } from './replay-state.ts';

/** A message to the replay function: look at the archive, or work on a task. */
export interface ReplayMessage {
  readonly replay: string;
  /** `plan`, or the name of a task. */
  readonly part: string;
  /** Of which run it is: see {@link ReplayState.run}. */
  readonly run: number;
  /** Of which round it is, if it is a look. */
  readonly round?: number | undefined;
  /** When the lane may send its next events, in epoch milliseconds: so its rate holds from one message to the next. @default 0 */
  readonly next?: number | undefined;
}

/** Sends the function its messages. */
export interface ReplayQueue {
  /** Lets the function look at the archive for what is not planned yet. */
  plan(state: Pick<ReplayState, 'id' | 'run' | 'round'>, next?: number): Promise<void>;
  /** Lets the lane of a task work on it. @param next see {@link ReplayMessage.next} */
  work(
    state: Pick<ReplayState, 'id' | 'run' | 'lanes'>,
    task: Pick<ReplayTask, 'number' | 'saves'>,
    next?: number,
  ): Promise<void>;
}

/**
 * A message group for each lane: the function works on one message of a group at a time. The run is in its name, so that a lane that is
 * resumed does not wait for a message that a crashed invocation still holds.
 */
export function createReplayQueue(sqs: Pick<SQSClient, 'send'>, QueueUrl: string): ReplayQueue {
  const send = async (message: ReplayMessage, lane: string, unique: string): Promise<void> => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(message),
        MessageGroupId: `${message.replay}-${message.run}-${lane}`,
        MessageDeduplicationId: `${message.replay}-${message.run}-${unique}`,
      }),
    );
  };
  return {
    plan: ({ id, run, round }, next) =>
      send({ replay: id, part: 'plan', run, round, next }, 'plan', `plan-${round}`),
    work: ({ id, run, lanes }, { number, saves }, next) =>
      send(
        { replay: id, part: partOf(number), run, next },
        String(laneOf(number, lanes)),
        `${number}-${saves}`,
      ),
  };
}

/** @throws TypeError when it is no message to the function */
export function readMessage(body: string): ReplayMessage {
  const message: unknown = JSON.parse(body);
  if (isMessage(message)) return message;
  throw new TypeError(`the replay queue has a message that is none of a replay: ${clipText(body, 200)}`);
}

function isMessage(value: unknown): value is ReplayMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { replay, part, run, round, next } = value as Partial<Record<string, unknown>>;
  return (
    typeof replay === 'string' &&
    typeof part === 'string' &&
    typeof run === 'number' &&
    [round, next].every((one) => one === undefined || typeof one === 'number')
  );
}
