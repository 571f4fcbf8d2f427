import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { cancelReplay, pauseReplay } from '../../../lib/archive/replay/control-replay.ts';
import { createReplay } from '../../../lib/archive/replay/create-replay.ts';
import { archivedOf, eventOf, HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { idOf } from '../local/assembly.ts';
import { type ReplayRig, startReplayRig } from './rig.ts';

const DAY_SECONDS = 86_400;
let rig: ReplayRig;

beforeAll(async () => {
  rig = await startReplayRig();
  const archived = Array.from({ length: 20 }, (_, n) => archivedOf(eventOf({ id: `kept-${n}` }), HOUR));
  await rig.put(objectOf(archived, HOUR + 300_000));
});

async function start(): Promise<string> {
  return (await createReplay(rig.ports, rig.request(), { createdBy: 'test' })).id;
}

/** When the items of a replay expire, in epoch seconds, by their parts. */
async function expiriesOf(id: string): Promise<ReadonlyMap<string, number | undefined>> {
  const { Items = [] } = await rig.local.dynamodb.send(
    new ScanCommand({ TableName: idOf(rig.local, 'Table'), ConsistentRead: true }),
  );
  const own = Items.filter(({ replay, part }) => replay?.S === id || part?.S === id);
  return new Map(
    own.map(({ part, expiresAt }) => [part?.S ?? '', expiresAt?.N ? Number(expiresAt.N) : undefined]),
  );
}

async function expectExpiry(id: string): Promise<void> {
  const { endedAt = Number.NaN } = (await rig.ports.table.read(id)) ?? {};
  const expiries = await expiriesOf(id);
  expect(expiries.size).toBeGreaterThan(1);
  for (const expiry of expiries.values()) expect(expiry).toBe(Math.ceil(endedAt / 1_000) + 90 * DAY_SECONDS);
}

describe('the table of replays', () => {
  it('forgets a replay 90 days after it was done, with all of its parts', async () => {
    const id = await start();
    await rig.work();
    expect(await rig.ports.table.read(id)).toMatchObject({ status: 'done' });
    await expectExpiry(id);
  });

  it('forgets one that was cancelled, and does not save a part of it any more', async () => {
    const id = await start();
    await rig.work({ most: 1 });
    const task = await rig.ports.table.task(id, 0);
    if (!task) throw new Error('it has no part');
    await cancelReplay(rig.ports, id);
    await expectExpiry(id);
    expect(await rig.ports.table.save(id, task, { ...task, status: 'done' })).toBe(false);
    await expectExpiry(id);
  });

  it('keeps one that is paused', async () => {
    const id = await start();
    await rig.work({ most: 1 });
    await pauseReplay(rig.ports, id);
    expect(new Set((await expiriesOf(id)).values())).toEqual(new Set([undefined]));
  });
});
