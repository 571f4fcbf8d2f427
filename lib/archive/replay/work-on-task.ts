import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import type { ArchivedLine } from '../read/read-object.ts';
import { selectionOf } from './accepts-event.ts';
import { createPace } from './pace.ts';
import type { PlanPorts } from './plan-replay.ts';
import { isFifo, type ReplayState, type ReplayTask } from './replay-state.ts';
import { restoreData } from './restore-data.ts';
import { runTask, type TaskProgress } from './run-task.ts';
import { type SendPorts, sendEvents } from './send-events.ts';

export interface WorkPorts extends PlanPorts, SendPorts {
  readonly clock: SendPorts['clock'];
  readonly bucket: Pick<DataBucket, 'name' | 'put'>;
}

/** Requests to SQS that a lane has under way at once. A queue that keeps an order gets one round after the other. */
const PARALLEL = 4;
/** Events of a FIFO queue at once: their groups differ, so a round has several of them. */
const FIFO_PARALLEL = 10;

/** Works on a task until it is done, is not wanted any more, or there is no more time; and lets its lane go on. */
export async function workOnTask(
  ports: WorkPorts,
  state: ReplayState,
  task: ReplayTask,
  until: number,
): Promise<void> {
  const { table, queue } = ports;
  let saved = task;
  const save = async (progress: TaskProgress): Promise<boolean> => {
    const next = { ...saved, ...progress };
    if (!(await table.save(state.id, saved, next))) return false;
    saved = { ...next, saves: saved.saves + 1 };
    return isWanted(await table.read(state.id), state.run);
  };
  const end =
    task.status === 'done'
      ? 'done'
      : await runTask(task, {
          store: ports.store,
          clock: ports.clock,
          selection: selectionOf(state),
          pace: createPace(state.rate / state.lanes, isFifo(state) ? FIFO_PARALLEL : PARALLEL, ports.clock),
          until,
          send: (lines) => restoreAndSend(ports, state, lines),
          save,
        });
  if (end === 'later') await queue.work(state, saved);
  if (end === 'done') await goOn(ports, state, task);
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
