import { untilAborted } from '../aws/until-aborted.ts';
import { toError } from '../contracts/text/error-reason.ts';
import type { Cancellation } from './later-message.ts';
import type { LaterPorts } from './later-ports.ts';

/**
 * Deletes the schedules of cancelled events, as far as it can until the signal fires. It never fails: the cancellations are noted, so the event
 * of a schedule that stays is dropped when it is due.
 */
export async function removeSchedules(
  { schedules, log }: Pick<LaterPorts, 'schedules' | 'log'>,
  cancellations: readonly Cancellation[],
  signal: AbortSignal,
): Promise<void> {
  const removals = cancellations.map(async (cancellation) => {
    try {
      await untilAborted(signal, () => schedules.remove(cancellation, { abortSignal: signal }));
    } catch (error) {
      // It costs a message for each of them, and no event is delivered.
      log.info('schedules of cancelled events stay, and their events are dropped', {
        cancellation: { owner: cancellation.owner, key: cancellation.key },
        error: toError(error),
      });
    }
  });
  await Promise.all(removals);
}
