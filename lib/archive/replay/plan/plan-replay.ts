import type { ArchiveStore } from '../../read/archive-store.ts';
import { listObjects } from '../../read/list-objects.ts';
import { selectionOf } from '../accepts-event.ts';
import type { PlannedTask, ReplayRequest } from '../replay-state.ts';
import { planTasks, type TaskLimits } from './plan-tasks.ts';

export interface PlanOptions {
  /** Number of the first task. @default 0 */
  readonly firstNumber?: number;
  /** Only hours that begin before it, in epoch milliseconds. @default - the end of the request */
  readonly to?: number;
  /** Only keys that come after this text. @default - all of the range */
  readonly after?: string | undefined;
  readonly limits?: TaskLimits | undefined;
}

/** The tasks of a request: the objects of its range that may have something of it. The command line and the function have the same plan. */
export function planReplay(
  store: Pick<ArchiveStore, 'list'>,
  request: ReplayRequest,
  { firstNumber = 0, to = request.to, after, limits }: PlanOptions = {},
): AsyncGenerator<PlannedTask> {
  const { range } = selectionOf(request);
  return planTasks(listObjects(store, { ...range, to }, after), { firstNumber, limits });
}
