import type { Clock } from '../../aws/clock.ts';
import type { ArchiveStore } from '../read/archive-store.ts';
import type { ArchivedLine } from '../read/read-object.ts';
import type { Selection } from '../read/selection.ts';
import type { Pace } from './pace.ts';
import { isAfter, readTask, type Step } from './read-task.ts';
import { addCounts } from './replay-items.ts';
import { NO_COUNTS, type PlannedTask, type ReplayCounts, type ReplayTask } from './replay-state.ts';

/** How far a task is. */
export type TaskProgress = Pick<ReplayTask, 'status' | 'checkpoint' | 'counts' | 'problems'>;

export interface RunTaskOptions {
  readonly store: ArchiveStore;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly selection: Selection;
  /** @default - as fast as it goes */
  readonly pace?: Pace | undefined;
  /** Epoch milliseconds at which it has to stop, with some seconds to spare for what is under way. */
  readonly until: number;
  /** Sends events. @returns why some will never be taken. @throws Error when none of it may count as sent */
  send(lines: readonly ArchivedLine[]): Promise<readonly string[]>;
  /** Keeps how far it is. @returns whether to go on */
  save(progress: TaskProgress): Promise<boolean>;
}

/** `stopped`: it is not to go on. `later`: there is no more time. */
export type TaskEnd = 'done' | 'stopped' | 'later';

/** After so many lines or so much time it is saved: what was sent since is sent twice after a crash. */
const LINES_PER_SAVE = 1_000;
const SAVE_EVERY_MS = 5_000;
/** Events in memory at once, if no pace says less, and their bytes. */
const MOST_AT_ONCE = 40;
const BYTES_AT_ONCE = 4 * 1024 ** 2;
/** Kept of a task: more would not fit into its item. */
const MAX_PROBLEMS = 20;

/** Works on a task from its checkpoint on. What was saved counts as done; what was sent after the last save is sent again by the next call. */
export async function runTask(task: PlannedTask, options: RunTaskOptions): Promise<TaskEnd> {
  const { store, clock, selection, pace, until, send, save } = options;
  const atOnce = pace?.atOnce ?? MOST_AT_ONCE;
  const { status, checkpoint, counts, problems } = task;
  let done: TaskProgress = { status, checkpoint, counts, problems };
  let ahead = done;
  let lines: ArchivedLine[] = [];
  let savedAt = clock.now();
  const flush = async (): Promise<boolean> => {
    if (lines.length > 0) {
      const wait = pace?.wait() ?? 0;
      if (clock.now() + wait > until) return false;
      if (wait > 0) await clock.sleep(wait);
      pace?.note(lines.length);
      ahead = withRefused(ahead, await send(lines));
      lines = [];
    }
    done = ahead;
    return clock.now() < until;
  };
  let unsaved = 0;
  for await (const step of readTask(store, task, selection)) {
    if (!isAfter(step.after, task.checkpoint)) continue;
    ahead = withStep(ahead, step);
    if (step.kind === 'sent') lines.push(step.line);
    unsaved += 1;
    const isDue = unsaved >= LINES_PER_SAVE || clock.now() - savedAt >= SAVE_EVERY_MS;
    const isFull = lines.length >= atOnce || bytesOf(lines) >= BYTES_AT_ONCE;
    if (!isDue && !isFull) continue;
    // What waits to be sent is not sent before its time, only because something is saved.
    const goesOn = isFull || lines.length === 0 ? await flush() : clock.now() < until;
    if (goesOn && !isDue) continue;
    if (!(await save(done))) return 'stopped';
    if (!goesOn) return 'later';
    [unsaved, savedAt] = [0, clock.now()];
  }
  if (await flush().then((goesOn) => goesOn || lines.length === 0)) done = { ...ahead, status: 'done' };
  if (!(await save(done))) return 'stopped';
  return done.status === 'done' ? 'done' : 'later';
}

function withStep(progress: TaskProgress, step: Step): TaskProgress {
  const { counts, problems } = progress;
  const isLine = step.kind !== 'unreadable';
  return {
    ...progress,
    checkpoint: step.after,
    counts: addCounts(counts, one(step.kind, isLine)),
    problems: isLine ? problems : withProblems(problems, [describe(step.problem)]),
  };
}

function one(kind: keyof ReplayCounts, isLine: boolean): ReplayCounts {
  return { ...NO_COUNTS, read: isLine ? 1 : 0, [kind]: 1 };
}

function withRefused(progress: TaskProgress, refused: readonly string[]): TaskProgress {
  if (refused.length === 0) return progress;
  const { counts, problems } = progress;
  return {
    ...progress,
    counts: addCounts(counts, { ...NO_COUNTS, sent: -refused.length, refused: refused.length }),
    problems: withProblems(problems, refused),
  };
}

function withProblems(before: readonly string[], more: readonly string[]): readonly string[] {
  return [...before, ...more].slice(0, MAX_PROBLEMS);
}

function describe({ key, line, reason }: { key: string; line?: number | undefined; reason: string }): string {
  return `${key}${line === undefined ? '' : `, line ${line}`}: ${reason}`;
}

function bytesOf(lines: readonly ArchivedLine[]): number {
  return lines.reduce(
    (sum, { archived: { body, largeData = '' } }) => sum + body.length + largeData.length,
    0,
  );
}
