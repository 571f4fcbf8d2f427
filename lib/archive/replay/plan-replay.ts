import type { Clock } from '../../aws/clock.ts';
import type { ArchiveStore } from '../read/archive-store.ts';
import { listObjects } from '../read/list-objects.ts';
import { selectionOf } from './accepts-event.ts';
import { planTasks } from './plan-tasks.ts';
import type { ReplayQueue } from './replay-queue.ts';
import { laneOf, type ReplayRequest, type ReplayState, type ReplayTask } from './replay-state.ts';
import type { ReplayTable } from './replay-table.ts';

/** What the function has for its work. */
export interface PlanPorts {
  readonly store: ArchiveStore;
  readonly table: ReplayTable;
  readonly queue: ReplayQueue;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Up to when the archive is complete, in epoch milliseconds; undefined when it is not known now. */
  watermark(): Promise<number | undefined>;
}

/** How long to wait before the next look when the archive is not complete. */
const LOOK_AGAIN_MS = 20_000;

/**
 * The tasks of a request: the objects of its range that may have something of it. The command line and the function have the same plan.
 *
 * @param known keys that have a task already
 */
export function planReplay(
  store: ArchiveStore,
  request: ReplayRequest,
  { firstNumber = 0, known = new Set<string>() } = {},
): AsyncGenerator<ReplayTask> {
  const { range } = selectionOf(request);
  return planTasks(listObjects(store, range), { firstNumber, known });
}

/**
 * Looks at the archive: makes tasks of the objects that have none yet, and starts the lanes that have something to do. If there is nothing to
 * do, the replay is done, or waits for the archive to be complete up to its end.
 *
 * A crash leaves tasks and no count of them. The next call finds these tasks and goes on, because it counts what is in the table.
 */
export async function lookAtArchive(
  ports: PlanPorts,
  state: ReplayState,
  { until, next }: { readonly until: number; readonly next?: number | undefined },
): Promise<void> {
  const { table, store, queue, clock } = ports;
  const { id, round, lanes } = state;
  // Before the listing: what was complete before it, is in it.
  const complete = (await ports.watermark()) ?? 0;
  const tasks: ReplayTask[] = [];
  for await (const task of table.tasksOf(id)) tasks.push(task);
  const known = new Set(tasks.flatMap(({ keys }) => keys));
  const added: ReplayTask[] = [];
  for await (const task of planReplay(store, state, { firstNumber: tasks.length, known })) added.push(task);
  await table.addTasks(id, added);
  const all = [...tasks, ...added];
  const pending = firstOfLanes(all, lanes);
  const isDone = pending.length === 0 && complete >= state.to;
  const mayWait = pending.length === 0 && !isDone;
  const planned = await table.change(id, {
    status: isDone ? 'done' : mayWait ? 'planning' : 'running',
    from: ['planning', 'running'],
    inRound: round,
    set: {
      ...totalsOf(all),
      round: round + 1,
      plannedTo: Math.min(complete, state.to),
      ...(isDone && { endedAt: clock.now() }),
    },
  });
  // Paused or cancelled meanwhile, or this look was done by another invocation.
  if (!planned || isDone) return;
  for (const task of pending) await queue.work(planned, task, next);
  if (!mayWait) return;
  await clock.sleep(Math.max(0, Math.min(LOOK_AGAIN_MS, until - clock.now())));
  await queue.plan(planned);
}

/** The first task of each lane that is not done. */
function firstOfLanes(tasks: readonly ReplayTask[], lanes: number): readonly ReplayTask[] {
  const first = new Map<number, ReplayTask>();
  for (const task of tasks) {
    const lane = laneOf(task.number, lanes);
    if (task.status === 'pending' && !first.has(lane)) first.set(lane, task);
  }
  return [...first.values()];
}

function totalsOf(tasks: readonly ReplayTask[]) {
  const sum = (of: (task: ReplayTask) => number): number =>
    tasks.reduce((total, task) => total + of(task), 0);
  return {
    tasks: tasks.length,
    objects: sum(({ keys }) => keys.length),
    events: sum(({ events }) => events),
    bytes: sum(({ bytes }) => bytes),
  };
}
