import type { SQSBatchResponse } from 'aws-lambda';
import { toError } from '../contracts/text/error-reason.ts';
import { decideAll, type ReadRecord } from './decide.ts';
import { readLaterMessage } from './later-message.ts';
import type { LaterOutcome, LaterPorts, LaterRecord } from './later-ports.ts';
import { removeSchedules } from './remove-schedules.ts';
import { bury, type Dead, keep } from './settle.ts';

/** The Lambda handler of the queue of later events. */
export type LaterHandler = (
  batch: { readonly Records: readonly LaterRecord[] },
  context: { getRemainingTimeInMillis(): number },
) => Promise<SQSBatchResponse>;

/** Time that is kept for what comes after the last request of an event: dead letters, the visibility of messages, and the answer. */
const MARGIN_MS = 5_000;
/** Time that is kept for the answer itself: without it, what is done comes again. */
const ANSWER_MS = 1_000;
/** Schedules that are not deleted after it do no harm, and the next batch waits. */
const REMOVAL_MS = 8_000;

/**
 * Creates the Lambda handler of the queue of later events. It publishes what is due, makes a schedule for what is due in more than 15 minutes,
 * and keeps what is due between. Whatever fails or dies, the message comes again; each step does no harm when it is done twice.
 */
export function createLaterHandler(ports: LaterPorts): LaterHandler {
  return async ({ Records }, context) => {
    const ended = new AbortController();
    const milliseconds = context.getRemainingTimeInMillis();
    const deadline = deadlineSignal(ports, milliseconds - MARGIN_MS, ended.signal);
    const answerTime = deadlineSignal(ports, milliseconds - ANSWER_MS, ended.signal);
    try {
      const { read, unreadable } = readAll(Records);
      const outcomes = new Map(await decideAll(ports, read, deadline));
      for (const { record, error } of unreadable) outcomes.set(record, { status: 'dead', error });
      const response = await settle(ports, Records, outcomes, answerTime);
      // Only now, when nothing waits for it: it may take long, and is no part of a cancellation.
      const cancelled = read.flatMap(({ record, message }) =>
        'cancel' in message && outcomes.get(record)?.status === 'cancellation' ? [message.cancel] : [],
      );
      if (cancelled.length > 0) {
        const removalEnds = deadlineSignal(ports, REMOVAL_MS, ended.signal);
        await removeSchedules(ports, cancelled, AbortSignal.any([deadline, removalEnds]));
      }
      return response;
    } finally {
      ended.abort();
    }
  };
}

/** A signal of the clock's time, so that simulated time can pass. */
function deadlineSignal({ clock }: LaterPorts, milliseconds: number, ended: AbortSignal): AbortSignal {
  const deadline = new AbortController();
  clock
    .sleep(Math.max(0, milliseconds), { ref: false, signal: ended })
    // The batch was done before.
    .then(
      () => deadline.abort(new Error('the time of the invocation is over')),
      () => undefined,
    );
  return deadline.signal;
}

function readAll(records: readonly LaterRecord[]): {
  readonly read: readonly ReadRecord[];
  readonly unreadable: readonly Dead[];
} {
  const read: ReadRecord[] = [];
  const unreadable: Dead[] = [];
  for (const record of records) {
    try {
      read.push({ record, message: readLaterMessage(record.body) });
    } catch (error) {
      // It is never readable, however often it comes. It goes to the dead-letter queue with the reason.
      unreadable.push({ record, error: toError(error) });
    }
  }
  return { read, unreadable };
}

async function settle(
  ports: LaterPorts,
  records: readonly LaterRecord[],
  outcomes: ReadonlyMap<LaterRecord, LaterOutcome>,
  signal: AbortSignal,
): Promise<SQSBatchResponse> {
  const all = records.map((record) => ({ record, outcome: outcomes.get(record) }));
  const dead = all.flatMap(({ record, outcome }) =>
    outcome?.status === 'dead' ? [{ record, error: outcome.error }] : [],
  );
  const kept = all.flatMap(({ record, outcome }) =>
    outcome?.status === 'again' ? [{ record, seconds: outcome.seconds }] : [],
  );
  const [refused] = await Promise.all([bury(ports, dead, signal), keep(ports, kept, signal)]);
  report(ports, all, refused);
  const done = all.filter(({ record, outcome }) => outcome && isDone(outcome) && !refused.includes(record));
  const acknowledged = new Set(done.map(({ record }) => record));
  const failed = records.filter((record) => !acknowledged.has(record));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Whether a message leaves the queue. One that is dead does when the dead-letter queue has taken it. */
function isDone({ status }: LaterOutcome): boolean {
  return status !== 'again';
}

/** One line for the batch, and one for each message that failed. */
function report(
  { log }: LaterPorts,
  all: readonly { readonly record: LaterRecord; readonly outcome: LaterOutcome | undefined }[],
  refused: readonly LaterRecord[],
): void {
  const counts = Object.fromEntries(
    [...Map.groupBy(all, ({ outcome }) => outcome?.status ?? 'none')].map(([status, same]) => [
      status,
      same.length,
    ]),
  );
  log.info('batch', { messages: all.length, ...counts });
  for (const { record, outcome } of all) {
    if (!outcome || !('error' in outcome)) continue;
    const details = { messageId: record.messageId, error: outcome.error };
    if (outcome.status === 'dead' && refused.includes(record))
      log.error('a message is given up, but is not in the dead-letter queue yet', details);
    else if (outcome.status === 'dead')
      log.error('a message is given up, and is in the dead-letter queue', details);
    else log.error('a message has failed, and comes again', details);
  }
}
