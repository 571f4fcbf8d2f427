import { toError } from '../../contracts/text/error-reason.ts';
import { type ControlMessage, readControlMessage } from '../control-message.ts';
import type { ControllerPorts, Tick, TickPorts } from './controller-ports.ts';
import { probeSeconds, TICK_ENDS_AFTER_SECONDS } from './probe-time.ts';
import { tickPause } from './tick-pause.ts';
import { tickTrip } from './tick-trip.ts';

/** A message of the control queue, as Lambda hands it over. */
export interface ControlRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string };
}

export interface ControlBatch {
  readonly Records: readonly ControlRecord[];
}

export interface ControlAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The queue keeps a message for 14 days. An outage, or a pause, may be longer. */
const RENEW_AFTER_MS = 7 * 86_400_000;
/** Time of a tick beside a probe. A tick that dies is tried again after both. */
const BESIDE_SECONDS = 60;
/** When a tick that has failed is tried again. */
const RETRY_SECONDS = 10;
/** No tick lives longer, because its function does not. */
const LONGEST_HIDDEN_SECONDS = 900;
const MS_PER_SECOND = 1_000;

/**
 * Creates the Lambda handler of the control queue. A message stays in the queue, hidden from one tick to the next, until the intake of its
 * consumer flows again: it is the timer. Its message group lets one message of a consumer be worked on at a time.
 *
 * @throws whatever a tick throws, after it has hidden the message for some seconds: it comes again
 */
export function createController(ports: ControllerPorts): (batch: ControlBatch) => Promise<ControlAnswer> {
  return async ({ Records }) => {
    const kept: ControlRecord[] = [];
    // There is one record at a time: the mapping has the batch size 1.
    for (const record of Records) if (!(await handleRecord(ports, record))) kept.push(record);
    return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** @returns whether the message is done */
async function handleRecord(ports: ControllerPorts, record: ControlRecord): Promise<boolean> {
  const { body, receiptHandle, messageId, attributes } = record;
  let message: ControlMessage;
  try {
    message = readControlMessage(body);
  } catch (error) {
    // It cannot get better. In the dead-letter queue it raises an alarm, and the messages of its group go on.
    await ports.bury(body, toError(error));
    return true;
  }
  const endsAt = ports.now() + TICK_ENDS_AFTER_SECONDS * MS_PER_SECOND;
  const keepHidden = (seconds: number): Promise<void> =>
    ports.hide(receiptHandle, Math.min(LONGEST_HIDDEN_SECONDS, seconds + BESIDE_SECONDS));
  try {
    // If this invocation dies, the message must come again sooner than after the queue's visibility timeout.
    await keepHidden(message.kind === 'trip' ? probeSeconds(message) : 0);
    const tick = await runTick({ ...ports, endsAt, keepHidden }, message);
    if (tick === 'done') return true;
    if (ports.now() - Number(attributes.SentTimestamp) > RENEW_AFTER_MS) {
      await ports.renew(message, messageId);
      return true;
    }
    await ports.hide(receiptHandle, tick.againInSeconds);
    return false;
  } catch (error) {
    const { consumer } = message;
    ports.log('the tick has failed; it is tried again', { consumer, error: toError(error) });
    await hideForRetry(ports, record, consumer);
    throw error;
  }
}

async function hideForRetry(
  { hide, log }: ControllerPorts,
  { receiptHandle }: ControlRecord,
  consumer: string,
): Promise<void> {
  try {
    await hide(receiptHandle, RETRY_SECONDS);
  } catch (error) {
    // Only the time of the next tick is lost. What the caller has to see is why this one has failed.
    const line = 'the control message could not be hidden; it comes again after the visibility timeout';
    log(line, { consumer, error: toError(error) });
  }
}

function runTick(ports: TickPorts, message: ControlMessage): Promise<Tick> {
  return message.kind === 'trip' ? tickTrip(ports, message) : tickPause(ports, message);
}
