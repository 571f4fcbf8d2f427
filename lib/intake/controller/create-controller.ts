import { toError } from '../../contracts/text/error-reason.ts';
import { type ControlMessage, readControlMessage } from '../control-message.ts';
import type { ControllerPorts, Tick } from './controller-ports.ts';
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
/** Time of a tick beside the invocation of the consumer. A tick that dies is tried again after both. */
const TICK_SECONDS = 60;
const RETRY_SECONDS = 10;
/** A tick waits for up to so many probes of the consumer. */
const LONGEST_HIDDEN_SECONDS = 900;

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
  try {
    // If this invocation dies, the message must come again sooner than after the queue's visibility timeout.
    await ports.hide(receiptHandle, hiddenSeconds(message));
    const tick = await runTick(ports, message);
    if (tick === 'done') return true;
    if (ports.now() - Number(attributes.SentTimestamp) > RENEW_AFTER_MS) {
      await ports.renew(message, messageId);
      return true;
    }
    await ports.hide(receiptHandle, tick.againInSeconds);
    return false;
  } catch (error) {
    ports.log('the tick has failed; it is tried again', {
      consumer: message.consumer,
      error: toError(error),
    });
    await ports.hide(receiptHandle, RETRY_SECONDS);
    throw error;
  }
}

function runTick(ports: ControllerPorts, message: ControlMessage): Promise<Tick> {
  return message.kind === 'trip' ? tickTrip(ports, message) : tickPause(ports, message);
}

function hiddenSeconds(message: ControlMessage): number {
  const probeSeconds = message.kind === 'trip' ? message.timeoutSeconds : 0;
  return Math.min(LONGEST_HIDDEN_SECONDS, probeSeconds + TICK_SECONDS);
}
