import type { ArchiveStore } from '../read/archive-store.ts';
import { createDeduper } from '../read/deduper.ts';
import { openAhead } from '../read/open-ahead.ts';
import type { ArchivedLine, ArchiveProblem } from '../read/read-object.ts';
import { readObject } from '../read/read-object.ts';
import type { Selection } from '../read/selection.ts';
import type { PlannedTask, Position } from './replay-state.ts';

/** A line of a task or something that could not be read, and the place after it. */
export type Step = { readonly after: Position } & (
  | { readonly kind: 'sent'; readonly line: ArchivedLine }
  | { readonly kind: 'filtered' | 'duplicates' }
  | { readonly kind: 'unreadable'; readonly problem: ArchiveProblem }
);

/** Objects that are opened before the ones before them are read. */
const AHEAD = 4;
/** More than a task has: 10,000 events, or one object of a batch of as many. Memory is that of a small function. */
const MOST_REMEMBERED = 50_000;

/** Names of S3's errors that say something of the object, and nothing of today: it is gone, or in a storage class to be restored from. */
const OF_THE_OBJECT = new Set(['NoSuchKey', 'InvalidObjectState']);

/**
 * Reads the objects of a task, always from the beginning: so what is a duplicate does not depend on where an earlier attempt has stopped.
 *
 * @throws the error of the store when it is not the object's fault, such as a missing permission: no object is given up for that
 */
export async function* readTask(
  store: ArchiveStore,
  { keys }: Pick<PlannedTask, 'keys'>,
  selection: Selection,
): AsyncGenerator<Step> {
  const deduper = createDeduper(MOST_REMEMBERED);
  const ahead = openAhead(store);
  const fault = new Fault(ahead);
  for (const key of keys.slice(0, AHEAD)) ahead.prepare(key);
  try {
    for (const [object, key] of keys.entries()) {
      yield* stepsOf(object, key);
      const coming = keys[object + AHEAD];
      if (coming !== undefined) ahead.prepare(coming);
    }
  } finally {
    await ahead.close();
  }

  async function* stepsOf(object: number, key: string): AsyncGenerator<Step> {
    const problems: ArchiveProblem[] = [];
    const unreadable = (): Step[] =>
      problems.splice(0).map((problem) => ({
        kind: 'unreadable',
        problem,
        after: problem.line === undefined ? { object: object + 1, line: 0 } : { object, line: problem.line },
      }));
    for await (const line of readObject(fault, key, { onProblem: (problem) => problems.push(problem) })) {
      yield* unreadable();
      yield { ...decide(line), after: { object, line: line.line } };
    }
    fault.refuse();
    yield* unreadable();
  }

  function decide(line: ArchivedLine) {
    if (!selection.matches(line)) return { kind: 'filtered' } as const;
    if (deduper.isRepeated(line.event, line.arrivedAt)) return { kind: 'duplicates' } as const;
    return { kind: 'sent', line } as const;
  }
}

/** A store that remembers an error which is not the object's fault: the reading of objects would go on with the next. */
class Fault implements ArchiveStore {
  readonly list: ArchiveStore['list'];
  readonly #store: ArchiveStore;
  #error: unknown;

  constructor(store: ArchiveStore) {
    this.#store = store;
    this.list = store.list;
  }

  async open(key: string): ReturnType<ArchiveStore['open']> {
    try {
      return await this.#store.open(key);
    } catch (error) {
      if (!(error instanceof Error) || !OF_THE_OBJECT.has(error.name)) this.#error = error;
      throw error;
    }
  }

  refuse(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}

/** Whether a place comes after another one. */
export function isAfter(a: Position, b: Position): boolean {
  return a.object > b.object || (a.object === b.object && a.line > b.line);
}
