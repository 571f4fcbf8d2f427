import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import type { ArchivedLine } from '../read/read-object.ts';
import { selectionOf } from './accepts-event.ts';
import { createPace } from './pace.ts';
import type { PlanPorts } from './plan-replay.ts';
import { isFifo, type ReplayState, type ReplayTask } from './replay-state.ts';
import { restoreData } from './restore-data.ts';
import { runTask, type TaskEnd, type TaskProgress } from './run-task.ts';
import { type SendPorts, sendEvents } from './send-events.ts';

export interface WorkPorts extends PlanPorts, SendPorts {
  readonly clock: SendPorts['clock'];
  readonly bucket: Pick<DataBucket, 'name' | 'put'>;
}

/** Requests to SQS that a lane has under way at once. A queue that keeps an order gets one round after the other. */
const PARALLEL = 4;
/** Events of a FIFO queue at once: their groups differ, so a round has several of them. */
const FIFO_PARALLEL = 10;

/** `overtaken`: it was saved by somebody else, who may have stopped since. */
type WorkEnd = TaskEnd | 'overtaken';

/**
 * Works on a task until it is done, is not wanted any more, or there is no more time; and lets its lane go on.
 *
 * The lane of a run that has just been ended by a resume may save the task once more. So who is overtaken, and is of the run that is wanted,
 * goes on from what was saved: nobody else will.
 */
export async function workOnTask(
  ports: WorkPorts,
  state: ReplayState,
  task: ReplayTask,
  until: number,
): Promise<void> {
  let latest = task;
  for (;;) {
    const { end, saved } = await workFrom(ports, state, latest, until);
    if (end === 'later') return ports.queue.work(state, saved);
    if (end === 'done') return goOn(ports, state, task);
    if (end === 'stopped' || !isWanted(await ports.table.read(state.id), state.run)) return;
    latest = await taskOf(ports.table, state.id, task.number);
  }
}

/** @throws Error when there is no such task */
export async function taskOf(
  table: Pick<PlanPorts['table'], 'task'>,
  id: string,
  number: number,
): Promise<ReplayTask> {
  const task = await table.task(id, number);
  if (task) return task;
  throw new Error(`replay ${id} has no task ${number}; the table has lost it`);
}

async function workFrom(
  ports: WorkPorts,
  state: ReplayState,
  task: ReplayTask,
  until: number,
): Promise<{ readonly end: WorkEnd; readonly saved: ReplayTask }> {
  if (task.status === 'done') return { end: 'done', saved: task };
  const { table } = ports;
  let saved = task;
  let isOvertaken = false;
  const save = async (progress: TaskProgress): Promise<boolean> => {
    const next = { ...saved, ...progress };
    isOvertaken = !(await table.save(state.id, saved, next));
    if (isOvertaken) return false;
    saved = { ...next, saves: saved.saves + 1 };
    return isWanted(await table.read(state.id), state.run);
  };
  const end = await runTask(task, {
    store: ports.store,
    clock: ports.clock,
    selection: selectionOf(state),
    pace: createPace(state.rate / state.lanes, isFifo(state) ? FIFO_PARALLEL : PARALLEL, ports.clock),
    until,
    send: (lines) => restoreAndSend(ports, state, lines),
    save,
  });
  return { end: isOvertaken ? 'overtaken' : end, saved };
}

async function restoreAndSend(
  ports: WorkPorts,
  state: ReplayState,
  lines: readonly ArchivedLine[],
): Promise<readonly string[]> {
  await restoreData(ports.bucket, lines);
  return sendEvents(ports, state, lines);
}

/** The next task of the lane; after the last task of all lanes the end, or another look at an archive that was not complete. */
async function goOn(
  { table, queue, clock }: WorkPorts,
  { id, run, lanes }: ReplayState,
  task: ReplayTask,
): Promise<void> {
  for (let number = task.number + lanes; ; number += lanes) {
    const next = await table.task(id, number);
    if (!next) break;
    if (next.status === 'pending') return queue.work({ id, run, lanes }, next);
  }
  const now = await table.read(id);
  if (!isWanted(now, run) || now.doneTasks < now.tasks) return;
  if (now.plannedTo < now.to) return queue.plan(now);
  await table.change(id, { status: 'done', from: ['running'], set: { endedAt: clock.now() } });
}

/** Whether a replay goes on, in this run. */
export function isWanted(state: ReplayState | undefined, run: number): state is ReplayState {
  return state?.run === run && (state.status === 'running' || state.status === 'planning');
}
