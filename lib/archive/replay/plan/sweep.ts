import { hourOf, hourPrefix } from '../../object-key.ts';
import type { ArchiveStore } from '../../read/archive-store.ts';
import type { PlannedTask, ReplayState } from '../replay-state.ts';
import type { PlanPorts } from './plan-ports.ts';
import { planReplay } from './plan-replay.ts';

/** Tasks that are written at once: two items each, of the hundred of a transaction, and far from its 4 MB. */
const TASKS_AT_ONCE = 25;

/** How far a listing came. */
export interface Swept {
  /** The state with the tasks that were added. */
  readonly state: ReplayState;
  /** Where the next listing begins. */
  readonly cursor: string | undefined;
  /** Whether it came to its end, and there was time enough. */
  readonly isWhole: boolean;
}

/**
 * Up to when objects are listed: up to the end of a replay, or to the beginning of the hour that is not complete. Hours that are complete
 * get no object any more, so they are listed once, and message groups stay in their order.
 */
export function limitOf(complete: number, to: number): number {
  return complete >= to ? to : hourOf(complete);
}

/**
 * Lists the objects from where the last listing has ended, and writes their tasks as they come: memory holds some tasks. The tasks and the
 * place up to which they go are written together, so after a crash no object has two tasks.
 *
 * @returns undefined when another invocation plans, or the replay was paused or ended
 */
export async function sweep(
  ports: PlanPorts,
  state: ReplayState,
  { limit, until }: { readonly limit: number; readonly until: number },
): Promise<Swept | undefined> {
  let latest = state;
  let page: PlannedTask[] = [];
  const write = async (): Promise<boolean> => {
    const cursor = page.at(-1)?.keys.at(-1);
    if (cursor === undefined) return true;
    const saved = await ports.table.addTasks(latest, page, cursor);
    page = [];
    latest = saved ?? latest;
    return saved !== undefined;
  };
  const listing = untilThen(ports, until);
  const options = { firstNumber: state.tasks, to: limit, after: state.cursor, limits: ports.taskLimits };
  for await (const task of planReplay(listing, state, options)) {
    page.push(task);
    if (page.length === TASKS_AT_ONCE && !(await write())) return undefined;
  }
  if (!(await write())) return undefined;
  if (listing.cutAfter !== undefined) return { state: latest, cursor: listing.cutAfter, isWhole: false };
  return { state: latest, cursor: limit < state.to ? hourPrefix(limit) : latest.cursor, isWhole: true };
}

interface CutListing extends Pick<ArchiveStore, 'list'> {
  /** The last key before the time was over. */
  cutAfter: string | undefined;
}

/** A listing that ends when its time is over. It has at least one object, so that it comes forward. */
function untilThen({ store, clock }: PlanPorts, until: number): CutListing {
  const listing: CutListing = {
    cutAfter: undefined,
    async *list(prefix, after) {
      let last: string | undefined;
      for await (const object of store.list(prefix, after)) {
        if (last !== undefined && clock.now() >= until) {
          listing.cutAfter = last;
          return;
        }
        last = object.key;
        yield object;
      }
    },
  };
  return listing;
}
