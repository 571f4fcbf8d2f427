import type { Job } from './job.ts';
import { lanesOf } from './lanes.ts';

/** A batch, divided so that an event that ends the process takes no other along. */
export interface Division {
  /** Events that are handled side by side. */
  readonly together: readonly Job[];
  /**
   * Events that are handled one by one, after everything else is settled: each that was in the hands of a process that
   * died, and whatever its message group has after it. Those that were tried least come first: they are innocent most likely.
   */
  readonly apart: readonly Apart[];
}

/** Events that are handled one by one. */
export interface Apart {
  readonly lane: readonly Job[];
  /** The events of the same message group that are handled before, with all the others: if one comes again, the lane waits. */
  readonly before: readonly Job[];
}

/** Divides the jobs of a batch. Without a suspect, which is nearly always, all are handled together. */
export function divide(jobs: readonly Job[]): Division {
  if (!jobs.some(({ suspect }) => suspect)) return { together: jobs, apart: [] };
  const divided = lanesOf(jobs).map((lane) => {
    const first = lane.findIndex(({ suspect }) => suspect);
    return first < 0 ? { before: lane, lane: [] } : { before: lane.slice(0, first), lane: lane.slice(first) };
  });
  return {
    together: divided.flatMap(({ before }) => before),
    apart: divided.filter(({ lane }) => lane.length > 0).toSorted((a, b) => attemptsOf(a) - attemptsOf(b)),
  };
}

function attemptsOf({ lane: [first] }: Apart): number {
  return first?.suspect?.attempts ?? 0;
}
