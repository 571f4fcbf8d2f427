import { readObjectKey } from '../../object-key.ts';
import { partOf } from '../replay-items.ts';
import type { ReplayState, ReplayTask } from '../replay-state.ts';
import type { ReplayTable } from '../replay-table.ts';
import { describeForgotten, ForgottenError } from './reach.ts';

/**
 * Checks a task before it is worked on: a replay may be slow, or have been paused since it was started. One that may not go on has failed, and
 * its state says why.
 *
 * @param until when the work on it ends, in epoch milliseconds
 * @returns whether it may be worked on
 */
export async function mayStillSend(
  { table }: { readonly table: Pick<ReplayTable, 'change' | 'keysOf'> },
  state: ReplayState,
  task: ReplayTask,
  until: number,
): Promise<boolean> {
  if (task.status !== 'pending') return true;
  const problem = describeForgotten(state, await earliestOf(table, state, task), until);
  if (problem === undefined) return true;
  await table.change(state.id, {
    status: 'failed',
    from: ['planning', 'running'],
    set: { problem: `${partOf(task.number)}: ${problem}` },
  });
  return false;
}

/**
 * Checks what is left of a replay that is to be resumed. Its first task that is not done is the earliest: tasks are in the order of the hours.
 *
 * @throws ForgottenError when it may not be sent any more
 */
export async function requireResumable(
  table: Pick<ReplayTable, 'read' | 'tasksOf' | 'keysOf'>,
  id: string,
  now: number,
): Promise<void> {
  const state = await table.read(id);
  if (!state || state.status === 'done' || state.status === 'cancelled') return;
  let left = state.tasks === 0 ? state.from : Number.POSITIVE_INFINITY;
  for await (const task of table.tasksOf(id)) {
    if (task.status !== 'pending') continue;
    left = await earliestOf(table, state, task);
    break;
  }
  const problem = describeForgotten(state, left, now);
  if (problem !== undefined) throw new ForgottenError(problem);
}

/** When the first event that is left of a task arrived, at the earliest: its object has the events of an hour. */
async function earliestOf(
  table: Pick<ReplayTable, 'keysOf'>,
  { id, from }: Pick<ReplayState, 'id' | 'from'>,
  { number, checkpoint }: ReplayTask,
): Promise<number> {
  const keys = await table.keysOf(id, number);
  const hour = readObjectKey(keys[checkpoint.object] ?? '')?.hour;
  // A key without an hour is none of the archive, and a task whose objects are all read sends nothing more.
  return hour === undefined ? Number.POSITIVE_INFINITY : Math.max(hour, from);
}
