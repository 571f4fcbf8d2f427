import { GroupBlocked } from './failures.ts';
import { comesAgain, type Job, orderedGroupOf } from './job.ts';

/** What becomes of one event: sets its outcome. */
export type Step = (job: Job) => Promise<void>;

/**
 * Runs every job: side by side, but those of one message group (FIFO) one after the other in their order. When one of
 * a group comes again, the rest of its group must not overtake it and is not run.
 *
 * @param bury takes a dead event out of the way before the next of its group is run
 */
export async function runInLanes(jobs: readonly Job[], run: Step, bury: Step): Promise<void> {
  await Promise.all(lanesOf(jobs).map((lane) => runLane(lane, run, bury)));
}

/** Jobs that have to be run one after the other: those of one message group, or one alone. */
export function lanesOf(jobs: readonly Job[]): readonly (readonly Job[])[] {
  return [...Map.groupBy(jobs, (job) => orderedGroupOf(job.records[0]) ?? job).values()];
}

async function runLane(lane: readonly Job[], run: Step, bury: Step): Promise<void> {
  let blocked = false;
  for (const [index, job] of lane.entries()) {
    if (blocked) block(job);
    if (!job.outcome) await run(job);
    if (job.outcome?.kind === 'dead' && index < lane.length - 1) await bury(job);
    blocked ||= comesAgain(job);
  }
}

/**
 * Lets an event wait whose message group is blocked by an earlier one: neither its handler begins nor are its events
 * published, for they would overtake those of the earlier one.
 */
export function block(job: Job): void {
  if (job.outcome && job.outcome.kind !== 'unpublished') return;
  job.outcome = { kind: 'waiting', error: new GroupBlocked(orderedGroupOf(job.records[0]) ?? '') };
}
