import type { ArchiveObject } from '../read/list-objects.ts';
import { NO_COUNTS, type ReplayTask, START } from './replay-state.ts';

/** A task has no more events than some minutes' work, and no more keys than fit into an item. */
const MAX_EVENTS = 10_000;
const MAX_OBJECTS = 100;

/** Splits objects into tasks, in their order. An object with more events than a task should have is a task of its own. */
export async function* planTasks(
  objects: AsyncIterable<ArchiveObject>,
  { firstNumber, known }: { readonly firstNumber: number; readonly known: ReadonlySet<string> },
): AsyncGenerator<ReplayTask> {
  let number = firstNumber;
  let open: ArchiveObject[] = [];
  const eventsOf = (some: readonly ArchiveObject[]): number =>
    some.reduce((sum, { facts }) => sum + facts.events, 0);
  for await (const object of objects) {
    if (known.has(object.key)) continue;
    const isFull = open.length === MAX_OBJECTS || eventsOf([...open, object]) > MAX_EVENTS;
    if (open.length > 0 && isFull) {
      yield taskOf(number++, open);
      open = [];
    }
    open.push(object);
  }
  if (open.length > 0) yield taskOf(number, open);
}

function taskOf(number: number, objects: readonly ArchiveObject[]): ReplayTask {
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
