import { randomBytes } from 'node:crypto';
import type { Clock } from '../../aws/clock.ts';
import { isReplayId } from '../../contracts/delivery/replay.ts';
import { selectionOf } from './accepts-event.ts';
import { lanesFor } from './pace.ts';
import type { ReplayQueue } from './replay-queue.ts';
import { isFifo, NO_COUNTS, type ReplayRequest, type ReplayState } from './replay-state.ts';
import type { ReplayTable } from './replay-table.ts';

export interface CreateReplayPorts {
  readonly table: ReplayTable;
  readonly queue: ReplayQueue;
  readonly clock: Pick<Clock, 'now'>;
}

export interface CreateReplayOptions {
  /** Who or what starts it. */
  readonly createdBy: string;
  /** One that starts a replay at most once. @default - a new one */
  readonly id?: string | undefined;
}

/**
 * Starts a replay: writes its state, and lets the replay function look at the archive. Twice with one id it starts one replay.
 *
 * @returns the replay of this id, which may have been started before
 * @throws RangeError when the request is none: its times, its rate, its id or its conditions
 */
export async function createReplay(
  { table, queue, clock }: CreateReplayPorts,
  request: ReplayRequest,
  { createdBy, id = newReplayId(clock.now()) }: CreateReplayOptions,
): Promise<ReplayState> {
  checkRequest(request, id);
  const state = newState(request, { id, createdBy, now: clock.now() });
  const found = (await table.create(state)) ? state : await table.read(id);
  if (!found) throw new Error(`replay ${id} was deleted while it was started; start it again`);
  // Also if it exists: whoever has written it may have died before this. The function ignores a look that it has done.
  if (found.status === 'planning') await queue.plan(found);
  return found;
}

/** Such as `20261127t045442-3f9a2c`: ids are in the order of their creation. */
export function newReplayId(now: number): string {
  return replayIdAt(now, randomBytes(3).toString('hex'));
}

/** The id of a replay that began at this moment. @param mark tells it from others of the same second */
export function replayIdAt(moment: number, mark: string): string {
  const time = new Date(moment)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .toLowerCase();
  return `${time}-${mark}`;
}

/** The state of a replay that has not begun. */
export function newState(
  request: ReplayRequest,
  { id, createdBy, now }: { readonly id: string; readonly createdBy: string; readonly now: number },
): ReplayState {
  return {
    ...request,
    ...NO_COUNTS,
    id,
    status: 'planning',
    createdAt: now,
    createdBy,
    lanes: lanesFor(request.rate, isFifo(request)),
    run: 1,
    round: 0,
    plannedTo: 0,
    tasks: 0,
    doneTasks: 0,
    objects: 0,
    events: 0,
    bytes: 0,
  };
}

function checkRequest(request: ReplayRequest, id: string): void {
  const { from, to, rate } = request;
  if (!isReplayId(id))
    throw new RangeError(`'${id}' cannot be the id of a replay: 1 to 64 letters, digits, - and _`);
  if (!(from < to)) throw new RangeError(`a replay has to end after it begins: from ${from}, to ${to}`);
  if (!(rate > 0)) throw new RangeError(`a replay of ${rate} events a second does not end; say at least 1`);
  selectionOf(request);
}
