import type { Message } from '@aws-sdk/client-sqs';
import type { TripMessage } from '../control-message.ts';
import type { IntakeState } from '../intake-state.ts';
import type { ControllerPorts } from './controller-ports.ts';

/**
 * An event at the head of the only message group of a FIFO queue stops all others. Nothing that a probe sees tells whether it fails for its
 * own reason or what the consumer calls is down, but time does: an outage of a day is rare, and what waits behind the event lives for seven.
 */
export const PATIENCE_SECONDS = 86_400;
const MS_PER_SECOND = 1_000;
/** One that was received less often has not failed all that time. */
const MIN_RECEIVES = 11;

/** Whether a message has been the only one to probe for so long that its next failure may give it up, but for whether others wait behind it. */
export function isOverdue(
  { now }: Pick<ControllerPorts, 'now'>,
  { queueArn }: TripMessage,
  { state, message }: { readonly state: IntakeState; readonly message: Message },
): boolean {
  if (!queueArn.endsWith('.fifo')) return false;
  if (Number(message.Attributes?.ApproximateReceiveCount) < MIN_RECEIVES) return false;
  return now() - Math.max(state.since, state.gaveUpAt ?? 0) >= PATIENCE_SECONDS * MS_PER_SECOND;
}

/**
 * Whether a failure of the probe of an overdue message gives it up: others wait, and none of them can be received. Writes that down first, so
 * that a tick that dies here gives up no second one before another day is over.
 *
 * @returns the state as it is now, and whether the message may be given up
 */
export async function mayGiveUp(
  { queue, table, now, log }: ControllerPorts,
  { consumer, queueUrl }: TripMessage,
  { state, other }: { readonly state: IntakeState; readonly other: Message | undefined },
): Promise<{ readonly state: IntakeState; readonly givesUp: boolean }> {
  if (other || (await queue.waiting(queueUrl)) === 0) return { state, givesUp: false };
  const changed = await table.change(state, { ...state, gaveUpAt: now() });
  // Somebody else has changed it: what he wants comes first.
  if (!changed) return { state, givesUp: false };
  log('a failure of this event gives it up: others have waited behind it for a day', { consumer });
  return { state: changed, givesUp: true };
}
