import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../lib/archive/object-key.ts';
import type { ArchiveStore } from '../../../../lib/archive/read/archive-store.ts';
import { resumeReplay } from '../../../../lib/archive/replay/control-replay.ts';
import { createReplay } from '../../../../lib/archive/replay/create-replay.ts';
import type { ReplayState } from '../../../../lib/archive/replay/replay-state.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../../apps/archive/archive-objects.ts';
import { createMemoryRig, type MemoryRig } from './memory-rig.ts';

/** Objects of one event each, so many in each of so many hours. */
function objectsIn(hours: number, each: number) {
  return Array.from({ length: hours * each }, (_, n) => {
    const arrivedAt = HOUR + Math.floor(n / each) * HOUR_MS + n;
    return objectOf([archivedOf(eventOf({ id: `e-${n}` }), arrivedAt)]);
  });
}

/** Counts what is listed. */
function counted(store: ArchiveStore, onListed: () => void = () => undefined) {
  const listing = {
    ...store,
    listed: 0,
    async *list(prefix: string, after?: string) {
      for await (const object of store.list(prefix, after)) {
        listing.listed += 1;
        onListed();
        yield object;
      }
    },
  };
  return listing;
}

async function start(rig: MemoryRig): Promise<string> {
  return (await createReplay(rig.ports, rig.request(), { createdBy: 'test' })).id;
}

async function stateOf(rig: MemoryRig, id: string): Promise<ReplayState> {
  return (await rig.ports.table.read(id)) ?? expect.fail(`there is no replay ${id}`);
}

const START_OF_WAIT = HOUR + 24 * HOUR_MS;

describe('the planning of a replay', () => {
  it('lists every hour once, when it is complete', async () => {
    const store = counted(storeOf(objectsIn(6, 10)));
    let looks = 0;
    const rig = createMemoryRig({ store, watermark: () => HOUR + 4 * HOUR_MS * looks++ });
    const id = await start(rig);
    await rig.work();
    expect(await stateOf(rig, id)).toMatchObject({ status: 'done', sent: 60, objects: 60 });
    // Each listing notices its end by the first object of the hour that is not complete.
    expect(store.listed).toBeLessThanOrEqual(60 + looks);
  });

  it('stops when its time is over, and another invocation goes on, with no object twice', async () => {
    let now = (_: number): void => undefined;
    const store = counted(storeOf(objectsIn(2, 60)), () => now(1_000));
    const rig = createMemoryRig({ store, remainingMs: 40_000 });
    now = (milliseconds) => void rig.clock.sleep(milliseconds);
    const id = await start(rig);
    await rig.work();
    expect(await stateOf(rig, id)).toMatchObject({ status: 'done', sent: 120, duplicates: 0, objects: 120 });
    // Ten seconds are ten objects.
    expect((await stateOf(rig, id)).tasks).toBeGreaterThanOrEqual(10);
    expect(store.listed).toBeLessThanOrEqual(120 + 15);
  });

  it('writes at most 25 tasks at once, however many there are', async () => {
    const rig = createMemoryRig({ store: storeOf(objectsIn(2, 60)) });
    const written: number[] = [];
    const { table } = rig.ports;
    const noting = {
      ...table,
      addTasks: (...[state, tasks, cursor]: Parameters<typeof table.addTasks>) => {
        written.push(tasks.length);
        return table.addTasks(state, tasks, cursor);
      },
    };
    await start(rig);
    await rig.work({ ...rig.ports, table: noting, taskLimits: { events: 1_000, objects: 1 } });
    expect(written).toEqual([25, 25, 25, 25, 20]);
  });
});

describe('a replay of what is not archived yet', () => {
  const waitless = (rig: MemoryRig) => ({
    ...rig.ports,
    clock: { now: rig.clock.now, sleep: () => expect.fail('a function that sleeps is paid for') },
  });

  it('waits without a function, less and less often', async () => {
    let looks = 0;
    const watermark = (now: number): number => {
      looks += 1;
      return now < START_OF_WAIT + 5 * HOUR_MS ? HOUR + 2 * HOUR_MS : now;
    };
    const rig = createMemoryRig({ store: storeOf(objectsIn(4, 5)), watermark });
    const id = await start(rig);
    await rig.work(waitless(rig));
    expect(await stateOf(rig, id)).toMatchObject({ status: 'done', sent: 20 });
    expect(looks).toBeLessThan(150);
  });

  it('fails after six hours without progress, with what to do, and goes on when it is resumed', async () => {
    let isComplete = false;
    const watermark = (now: number) => (isComplete ? now : undefined);
    const rig = createMemoryRig({ store: storeOf(objectsIn(1, 5)), watermark });
    const id = await start(rig);
    await rig.work(waitless(rig));
    const { status, problem } = await stateOf(rig, id);
    expect(status).toBe('failed');
    expect(problem).toContain('See why the queue of the archive is not emptied, and resume the replay');
    expect(rig.clock.now()).toBeLessThan(START_OF_WAIT + 7 * HOUR_MS);
    isComplete = true;
    await resumeReplay(rig.ports, id);
    await rig.work(waitless(rig));
    expect(await stateOf(rig, id)).toMatchObject({ status: 'done', sent: 5, problem: undefined });
  });
});
