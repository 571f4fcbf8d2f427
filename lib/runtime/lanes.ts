import { GroupBlocked } from './failures.ts';
import type { Job, Outcome } from './job.ts';

/**
 * Runs every job: side by side, but those of one message group (FIFO) one after the other in their order. When one of
 * a group does not end well, the rest of its group must not overtake it and is not run.
 */
export async function runInLanes(jobs: readonly Job[], run: (job: Job) => Promise<Outcome>): Promise<void> {
  const lanes = Map.groupBy(jobs, (job) => groupOf(job) ?? job.facts.id);
  await Promise.all([...lanes.values()].map((lane) => runLane(lane, run)));
}

async function runLane(lane: readonly Job[], run: (job: Job) => Promise<Outcome>): Promise<void> {
  let blocked = false;
  for (const job of lane) {
    const group = groupOf(job);
    job.outcome ??= blocked && group ? blockedBy(group) : await run(job);
    blocked ||= job.outcome.kind === 'failed' || job.outcome.kind === 'busy';
  }
}

function blockedBy(group: string): Outcome {
  return { kind: 'failed', error: new GroupBlocked(group), recorded: true };
}

/** Only a FIFO queue orders its groups; on a standard queue the group is about fairness. */
function groupOf(job: Job): string | undefined {
  const [record] = job.records;
  return record.eventSourceARN.endsWith('.fifo') ? record.attributes.MessageGroupId : undefined;
}
