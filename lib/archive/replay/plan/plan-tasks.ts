import type { ArchiveObject } from '../../read/list-objects.ts';
import { NO_COUNTS, type PlannedTask, START } from '../replay-state.ts';

/** What a task has at most. */
export interface TaskLimits {
  readonly events: number;
  readonly objects: number;
}

/** No more events than some minutes' work, and no more keys than fit into an item. */
const TASK_LIMITS: TaskLimits = { events: 10_000, objects: 100 };

export interface PlanTasksOptions {
  readonly firstNumber: number;
  /** @default - 10,000 events, 100 objects */
  readonly limits?: TaskLimits | undefined;
}

/** Splits objects into tasks, in their order. An object with more events than a task should have is a task of its own. */
export async function* planTasks(
  objects: AsyncIterable<ArchiveObject>,
  { firstNumber, limits = TASK_LIMITS }: PlanTasksOptions,
): AsyncGenerator<PlannedTask> {
  let number = firstNumber;
  let open: ArchiveObject[] = [];
  const eventsOf = (some: readonly ArchiveObject[]): number =>
    some.reduce((sum, { facts }) => sum + facts.events, 0);
  for await (const object of objects) {
    const isFull = open.length === limits.objects || eventsOf([...open, object]) > limits.events;
    if (open.length > 0 && isFull) {
      yield taskOf(number++, open);
      open = [];
    }
    open.push(object);
  }
  if (open.length > 0) yield taskOf(number, open);
}

function taskOf(number: number, objects: readonly ArchiveObject[]): PlannedTask {
  return {
    number,
    keys: objects.map(({ key }) => key),
    events: objects.reduce((sum, { facts }) => sum + facts.events, 0),
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    status: 'pending',
    checkpoint: START,
    counts: NO_COUNTS,
    saves: 0,
    problems: [],
  };
}
