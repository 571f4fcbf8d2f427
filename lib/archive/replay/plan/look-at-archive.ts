import { laneOf, type ReplayState, type ReplayTask } from '../replay-state.ts';
import type { ReplayTable } from '../replay-table.ts';
import type { PlanPorts } from './plan-ports.ts';
import { limitOf, type Swept, sweep } from './sweep.ts';
import { pauseOf, problemOf } from './wait-for-archive.ts';

export interface LookOptions {
  /** Epoch milliseconds at which it has to stop, with some seconds to spare. */
  readonly until: number;
  /** When lanes may send their first events, in epoch milliseconds. @default 0 */
  readonly next?: number | undefined;
  /** Whether its message can come once more, after a pause. */
  readonly mayWait: boolean;
}

/**
 * Looks at the archive: makes tasks of the objects of complete hours that have none yet, and starts the lanes that have something to do. If
 * there is nothing to do, the replay is done, or waits for the archive to be complete up to its end.
 *
 * @returns milliseconds after which its message has to come again; undefined when it has done its work
 */
export async function lookAtArchive(
  ports: PlanPorts,
  state: ReplayState,
  options: LookOptions,
): Promise<number | undefined> {
  // Before the listing: what was complete before it, is in it.
  const complete = (await ports.watermark()) ?? 0;
  const limit = Math.max(state.plannedTo, limitOf(complete, state.to));
  const swept: Swept | undefined =
    limit > state.plannedTo
      ? await sweep(ports, state, { limit, until: options.until })
      : { state, cursor: state.cursor, isWhole: true };
  // Paused or ended meanwhile, or another invocation does this look.
  if (!swept) return undefined;
  if (!swept.isWhole) return planOn(ports, state, swept, options);
  const pending = await firstOfLanes(ports.table, state, swept.state.tasks);
  const isDone = pending.length === 0 && limit >= state.to;
  if (pending.length === 0 && !isDone) return waitOn(ports, state, { ...swept, limit }, options);
  const planned = await ports.table.change(state.id, {
    status: isDone ? 'done' : 'running',
    from: ['planning', 'running'],
    inRound: state.round,
    set: {
      round: state.round + 1,
      plannedTo: limit,
      cursor: swept.cursor,
      ...(isDone && { endedAt: ports.clock.now() }),
    },
  });
  if (planned && !isDone) for (const task of pending) await ports.queue.work(planned, task, options.next);
  return undefined;
}

/** There was no more time: another invocation goes on with the listing. */
async function planOn(
  { table, queue }: PlanPorts,
  { id, round }: ReplayState,
  { cursor }: Swept,
  { next }: LookOptions,
): Promise<undefined> {
  const planned = await table.change(id, {
    status: 'planning',
    from: ['planning', 'running'],
    inRound: round,
    set: { round: round + 1, cursor },
  });
  if (planned) await queue.plan(planned, next);
}

/** Everything that is complete is sent. It costs nothing to wait: the message is hidden meanwhile. */
async function waitOn(
  { table, queue, clock }: PlanPorts,
  state: ReplayState,
  { cursor, limit }: Swept & { readonly limit: number },
  { mayWait, next }: LookOptions,
): Promise<number | undefined> {
  const { id, round, plannedTo } = state;
  const now = clock.now();
  const waitsSince = limit > plannedTo ? now : (state.waitsSince ?? now);
  const problem = problemOf({ ...state, waitsSince }, now);
  const waiting = await table.change(id, {
    status: problem === undefined ? 'planning' : 'failed',
    from: ['planning', 'running'],
    inRound: round,
    set: { plannedTo: limit, cursor, waitsSince, problem, round: mayWait ? round : round + 1 },
  });
  if (!waiting || problem !== undefined) return undefined;
  if (mayWait) return pauseOf(waitsSince, now);
  await queue.plan(waiting, next);
  return undefined;
}

/** The first task of each lane that is not done. */
async function firstOfLanes(
  table: ReplayTable,
  { id, lanes, tasks: before, doneTasks }: ReplayState,
  tasks: number,
): Promise<readonly ReplayTask[]> {
  const from = doneTasks === before ? before : 0;
  const first = new Map<number, ReplayTask>();
  if (from === tasks) return [];
  for await (const task of table.tasksOf(id, from)) {
    const lane = laneOf(task.number, lanes);
    if (task.status === 'pending' && !first.has(lane)) first.set(lane, task);
    if (first.size === lanes) break;
  }
  return [...first.values()];
}
