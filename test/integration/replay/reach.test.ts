import { beforeAll, beforeEach, expect, it } from 'vitest';
import { cancelReplay, pauseReplay, resumeReplay } from '../../../lib/archive/replay/control-replay.ts';
import { createReplay } from '../../../lib/archive/replay/create-replay.ts';
import type { ReplayRequest, ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import { systemClock } from '../../../lib/aws/clock.ts';
import { archivedOf, eventOf, HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { type ReplayRig, startReplayRig } from './rig.ts';

const DAY = 86_400_000;
let rig: ReplayRig;
/** Hours that no test has used. */
let hour = HOUR;

beforeAll(async () => {
  rig = await startReplayRig();
});
beforeEach(() => {
  hour += 2 * DAY;
});

/** What the rig has, at so many days after the hour of the first event. */
function after(days: number) {
  const ahead = hour + days * DAY - Date.now();
  return { ...rig.ports, clock: { ...systemClock, now: () => Date.now() + ahead } };
}

/** A replay of two hours with so many events each: by default more than a task has, so each hour is a task. */
async function start(change: Partial<ReplayRequest> = {}, events = 6_000): Promise<string> {
  for (const at of [0, 1]) {
    const lines = Array.from({ length: events }, (_, n) =>
      archivedOf(eventOf({ id: `${hour}-${at}-${n}` }), hour + at * 3_600_000),
    );
    await rig.put(objectOf(lines, hour + at * 3_600_000 + 60_000));
  }
  const request = rig.request({ from: hour, to: hour + DAY, knowsSince: 0, rate: 200 });
  const asked = { ...request, ...change };
  return (await createReplay(after(2), asked, { createdBy: 'test' })).id;
}

/** Plans the replay, and sends nothing yet. */
const plan = () => rig.work({ change: after(2), most: 1 });

async function stateOf(id: string): Promise<ReplayState> {
  return (await rig.ports.table.read(id)) ?? expect.fail(`there is no replay ${id}`);
}

it('sends nothing that the consumer may have forgotten since it was started, and says what to do', async () => {
  const id = await start();
  await plan();
  await rig.work({ change: after(21.1) });
  expect(await rig.take(rig.queueUrl)).toEqual([]);
  const { status, sent, problem } = await stateOf(id);
  expect({ status, sent }).toEqual({ status: 'failed', sent: 0 });
  expect(problem).toMatch(
    /^task#0+: keeper may no longer know what it did before .*; start another one with/,
  );
});

it.each<[string, () => Partial<ReplayRequest>]>([
  ['repeats on purpose', () => ({ mode: 'again' })],
  ['goes to a consumer that has a record of everything', () => ({ knowsSince: hour + 2 * DAY })],
])('goes on after any time when it %s', async (_, change) => {
  const id = await start({ ...change(), rate: 100_000 });
  await plan();
  // A second of it is enough.
  await rig.work({ change: after(22), most: 1, remainingMs: 31_000 });
  expect((await stateOf(id)).sent).toBeGreaterThan(0);
  await cancelReplay(rig.ports, id);
  await rig.work();
  await rig.take(rig.queueUrl);
});

it('is not resumed after too long a pause, and stays paused', async () => {
  const id = await start();
  await plan();
  await pauseReplay(rig.ports, id);
  await rig.work();
  await expect(resumeReplay(after(21.1), id)).rejects.toThrow('keeper may no longer know what it did before');
  expect(await stateOf(id)).toMatchObject({ status: 'paused', run: 1 });
  expect(await resumeReplay(after(20.9), id)).toMatchObject({ run: 2 });
  await cancelReplay(rig.ports, id);
  await rig.work();
});

it('is not resumed either when it was paused before it was planned', async () => {
  const id = await start();
  await pauseReplay(rig.ports, id);
  await expect(resumeReplay(after(21.1), id)).rejects.toThrow('keeper may no longer know');
  await cancelReplay(rig.ports, id);
  expect(await resumeReplay(after(21.1), id)).toBeUndefined();
  await rig.work();
});

it('is resumed when all that is left is known, whatever it has begun with', async () => {
  const id = await start();
  await plan();
  const first = (await rig.ports.table.task(id, 0)) ?? expect.fail();
  await rig.ports.table.save(id, first, { ...first, status: 'done' });
  await pauseReplay(rig.ports, id);
  // The first hour is forgotten, and the second is not.
  const between = 21 + 0.5 / 24;
  expect(await resumeReplay(after(between), id)).toMatchObject({ run: 2 });
  await cancelReplay(rig.ports, id);
  await rig.work();
});

it('is resumed when the rest of a task is known, whatever it has begun with', async () => {
  const id = await start({}, 5);
  await plan();
  const task = (await rig.ports.table.task(id, 0)) ?? expect.fail();
  expect(await rig.ports.table.keysOf(id, 0)).toHaveLength(2);
  await pauseReplay(rig.ports, id);
  const between = 21 + 0.5 / 24;
  await expect(resumeReplay(after(between), id)).rejects.toThrow('what is left begins at');
  await rig.ports.table.save(id, task, { ...task, checkpoint: { object: 1, line: 0 } });
  expect(await resumeReplay(after(between), id)).toMatchObject({ run: 2 });
  await cancelReplay(rig.ports, id);
  await rig.work();
});
