import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import type { ArchivedLine } from '../read/read-object.ts';
import { selectionOf } from './accepts-event.ts';
import { createPace, type Pace } from './pace.ts';
import type { PlanPorts } from './plan/plan-ports.ts';
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

export interface WorkOptions {
  /** Epoch milliseconds at which it has to stop, with some seconds to spare. */
  readonly until: number;
  /** When the lane may send its next events, in epoch milliseconds. @default 0 */
  readonly next?: number | undefined;
}

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
  { until, next }: WorkOptions,
): Promise<void> {
  const perSecond = state.rate / state.lanes;
  const pace = createPace(
    { perSecond, parallel: isFifo(state) ? FIFO_PARALLEL : PARALLEL, next },
    ports.clock,
  );
  let latest = task;
  for (;;) {
    const { end, saved } = await workFrom(ports, state, latest, { until, pace });
    if (end === 'later') return ports.queue.work(state, saved, pace.next);
    if (end === 'done') return goOn(ports, state, task, pace.next);
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
  { until, pace }: { readonly until: number; readonly pace: Pace },
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
  const keys = await table.keysOf(state.id, task.number);
  const end = await runTask(
    { ...task, keys },
    {
      store: ports.store,
      clock: ports.clock,
      selection: selectionOf(state),
      pace,
      until,
      send: (lines) => restoreAndSend(ports, state, lines),
      save,
    },
  );
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
  { number: done }: ReplayTask,
  next: number,
): Promise<void> {
  for (let number = done + lanes; ; number += lanes) {
    const task = await table.task(id, number);
    if (!task) break;
    if (task.status === 'pending') return queue.work({ id, run, lanes }, task, next);
  }
  const now = await table.read(id);
  if (!isWanted(now, run) || now.doneTasks < now.tasks) return;
  if (now.plannedTo < now.to) return queue.plan(now, next);
  await table.change(id, { status: 'done', from: ['running'], set: { endedAt: clock.now() } });
}

/** Whether a replay goes on, in this run. */
export function isWanted(state: ReplayState | undefined, run: number): state is ReplayState {
  return state?.run === run && (state.status === 'running' || state.status === 'planning');
}
