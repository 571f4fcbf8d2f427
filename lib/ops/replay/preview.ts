import type { ArchiveStore } from '../../archive/read/archive-store.ts';
import { selectionOf } from '../../archive/replay/accepts-event.ts';
import { lanesFor } from '../../archive/replay/pace.ts';
import { planReplay } from '../../archive/replay/plan/plan-replay.ts';
import { addCounts } from '../../archive/replay/replay-items.ts';
import {
  isFifo,
  NO_COUNTS,
  type PlannedTask,
  type ReplayCounts,
  type ReplayRequest,
} from '../../archive/replay/replay-state.ts';
import { runTask } from '../../archive/replay/run-task.ts';
import { costOfReplay } from '../cost/cost-of-replay.ts';

/** What a replay has before it. */
export interface ReplayPlan {
  readonly objects: number;
  /** In these objects, those of other types included: more are not sent. */
  readonly events: number;
  /** Of the objects, compressed. */
  readonly bytes: number;
  readonly tasks: number;
  /** At its rate, if all events are sent. */
  readonly minutes: number;
  /** If all events are sent, without what the consumer itself does. */
  readonly dollars: number;
}

/** Plans a replay as the function does: it lists the objects, and opens none. */
export async function planOf(store: ArchiveStore, request: ReplayRequest): Promise<ReplayPlan> {
  const tasks: PlannedTask[] = [];
  for await (const task of planReplay(store, request)) tasks.push(task);
  const sum = (of: (task: PlannedTask) => number): number =>
    tasks.reduce((total, task) => total + of(task), 0);
  const size = {
    objects: sum(({ keys }) => keys.length),
    events: sum(({ events }) => events),
    bytes: sum(({ bytes }) => bytes),
    tasks: tasks.length,
  };
  const minutes = size.events / request.rate / 60;
  const fifo = isFifo(request);
  return {
    ...size,
    minutes,
    dollars: costOfReplay({ ...size, minutes, fifo, lanes: lanesFor(request.rate, fifo) }),
  };
}

/**
 * Does what the function does, task by task, but sends and saves nothing: its counts are those of the replay, as long as the archive stays the
 * same and SQS takes every event.
 *
 * @param onProgress called with what was counted so far
 */
export async function countReplay(
  store: ArchiveStore,
  request: ReplayRequest,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: (counts: ReplayCounts) => void },
): Promise<{ readonly counts: ReplayCounts; readonly problems: readonly string[] }> {
  const selection = selectionOf(request);
  let counts = NO_COUNTS;
  const problems: string[] = [];
  for await (const task of planReplay(store, request)) {
    let ofTask = task.counts;
    await runTask(task, {
      store,
      selection,
      clock: { now: () => Date.now(), sleep: async () => undefined },
      until: Number.POSITIVE_INFINITY,
      send: async () => [],
      save: async (progress) => {
        ofTask = progress.counts;
        if (progress.status === 'done') problems.push(...progress.problems);
        onProgress(addCounts(counts, ofTask));
        return !signal.aborted;
      },
    });
    counts = addCounts(counts, ofTask);
    if (signal.aborted) break;
  }
  return { counts, problems };
}
