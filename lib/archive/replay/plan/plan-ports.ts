import type { Clock } from '../../../aws/clock.ts';
import type { ArchiveStore } from '../../read/archive-store.ts';
import type { ReplayQueue } from '../replay-queue.ts';
import type { ReplayTable } from '../replay-table.ts';
import type { TaskLimits } from './plan-tasks.ts';

/** What the function has for its work. */
export interface PlanPorts {
  readonly store: ArchiveStore;
  readonly table: ReplayTable;
  readonly queue: ReplayQueue;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Up to when the archive is complete, in epoch milliseconds; undefined when it is not known now. */
  watermark(): Promise<number | undefined>;
  /** @default - see `planTasks` */
  readonly taskLimits?: TaskLimits | undefined;
}
