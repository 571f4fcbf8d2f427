import type { Clock } from '../../aws/clock.ts';
import { requireResumable } from './reach/check-reach.ts';
import type { ReplayQueue } from './replay-queue.ts';
import type { ReplayState } from './replay-state.ts';
import type { ReplayTable } from './replay-table.ts';

export interface ControlPorts {
  readonly table: ReplayTable;
  readonly queue: ReplayQueue;
  readonly clock: Pick<Clock, 'now'>;
}

/** Stops the sending: at the next save, after some seconds. @returns undefined when it is not under way */
export function pauseReplay({ table }: ControlPorts, id: string): Promise<ReplayState | undefined> {
  return table.change(id, { status: 'paused', from: ['planning', 'running'] });
}

/**
 * Goes on where it was paused or has failed. Of one that is under way it starts the lanes anew, as after a crash of which no message is left.
 *
 * @returns undefined when it has ended, or does not exist
 * @throws ForgottenError when the consumer may no longer know what it did with the events that are left
 */
export async function resumeReplay(
  { table, queue, clock }: ControlPorts,
  id: string,
): Promise<ReplayState | undefined> {
  await requireResumable(table, id, clock.now());
  const resumed = await table.change(id, {
    status: 'planning',
    from: ['paused', 'failed', 'planning', 'running'],
    nextRun: true,
  });
  if (resumed) await queue.plan(resumed);
  return resumed;
}

/** Ends it. What was sent stays sent. @returns undefined when it has ended, or does not exist */
export function cancelReplay({ table, clock }: ControlPorts, id: string): Promise<ReplayState | undefined> {
  return table.change(id, {
    status: 'cancelled',
    from: ['planning', 'running', 'paused', 'failed'],
    set: { endedAt: clock.now() },
  });
}
