import { ChangeMessageVisibilityCommand, type Message } from '@aws-sdk/client-sqs';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cancelReplay, pauseReplay, resumeReplay } from '../../../lib/archive/replay/control-replay.ts';
import { createReplay } from '../../../lib/archive/replay/create-replay.ts';
import type { ReplayRequest, ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import { sha256 } from '../../../lib/aws/signature.ts';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import { archivedOf, eventOf, HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { type ReplayRig, startReplayRig } from './rig.ts';

let rig: ReplayRig;
/** Hours that no test has used, so that the tests share a bucket. */
let hour = HOUR;

beforeAll(async () => {
  rig = await startReplayRig();
});
beforeEach(() => {
  hour += 24 * 3_600_000;
});

const idsOf = (messages: readonly Message[]): string[] =>
  messages.map(({ Body = '{}' }) => JSON.parse(Body).id);
const range = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
/** An object with the events `<prefix>-0`, `<prefix>-1`, and so on. */
const objectWith = (prefix: string, count: number, minute = 0) =>
  objectOf(
    range(count).map((n) => archivedOf(eventOf({ id: `${prefix}-${n}` }), hour + minute * 60_000)),
    hour + minute * 60_000 + 300_000,
  );

async function start(change: Partial<ReplayRequest> = {}): Promise<string> {
  const request = rig.request({ from: hour, to: hour + 24 * 3_600_000, ...change });
  return (await createReplay(rig.ports, request, { createdBy: 'test' })).id;
}

async function stateOf(id: string): Promise<ReplayState> {
  const state = await rig.ports.table.read(id);
  if (!state) throw new Error(`there is no replay ${id}`);
  return state;
}

describe('a replay', () => {
  it('sends what was archived to the one queue, as the topic delivers it, and says which replay it is', async () => {
    await rig.put(objectWith('a', 25), objectWith('b', 5, 1));
    const id = await start({ mode: 'again' });
    await rig.work();
    const sent = await rig.take(rig.queueUrl);
    expect(idsOf(sent).toSorted()).toEqual(
      [...range(25).map((n) => `a-${n}`), ...range(5).map((n) => `b-${n}`)].toSorted(),
    );
    const [first] = sent;
    expect(first?.MessageAttributes).toMatchObject({
      type: { StringValue: 'shop.OrderPlaced.v1' },
      source: { StringValue: '/shop/checkout' },
      replay: { StringValue: id },
      replaymode: { StringValue: 'again' },
    });
    expect(await rig.take(rig.neighbourUrl)).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ status: 'done', read: 30, sent: 30, tasks: 1, objects: 2 });
  });

  it('sends no event twice that is in the archive twice', async () => {
    await rig.put(objectWith('a', 3), objectWith('a', 3, 1));
    const id = await start();
    await rig.work();
    expect(idsOf(await rig.take(rig.queueUrl))).toHaveLength(3);
    expect(await stateOf(id)).toMatchObject({ read: 6, sent: 3, duplicates: 3, filtered: 0 });
  });

  it('reads the rest of an object whose function has died between the sending and the save', async () => {
    await rig.put(objectWith('a', 2_500));
    const id = await start();
    let saves = 0;
    const dying = {
      ...rig.ports.table,
      save: async (...save: Parameters<typeof rig.ports.table.save>) => {
        if (++saves === 2) throw new Error('the function dies');
        return rig.ports.table.save(...save);
      },
    };
    await rig.work({ change: { table: dying } });
    const before = idsOf(await rig.take(rig.queueUrl));
    expect(before).toHaveLength(2_000);
    expect(await stateOf(id)).toMatchObject({ status: 'running', sent: 1_000 });
    await resumeReplay(rig.ports, id);
    await rig.work();
    const after = idsOf(await rig.take(rig.queueUrl));
    // What was sent and not saved comes twice; nothing is missing.
    expect(new Set([...before, ...after]).size).toBe(2_500);
    expect(after).toHaveLength(1_500);
    expect(await stateOf(id)).toMatchObject({ status: 'done', read: 2_500, sent: 2_500 });
  });
});

describe('a replay that is stopped', () => {
  it('pauses at the next save, and goes on where it was', async () => {
    await rig.put(objectWith('a', 2_500));
    const id = await start();
    const pausing = {
      ...rig.ports.table,
      save: async (...save: Parameters<typeof rig.ports.table.save>) => {
        await pauseReplay(rig.ports, id);
        return rig.ports.table.save(...save);
      },
    };
    await rig.work({ change: { table: pausing } });
    expect(await rig.take(rig.queueUrl)).toHaveLength(1_000);
    expect(await stateOf(id)).toMatchObject({ status: 'paused', sent: 1_000 });
    expect(await resumeReplay(rig.ports, id)).toMatchObject({ run: 2 });
    await rig.work();
    expect(await rig.take(rig.queueUrl)).toHaveLength(1_500);
    expect(await stateOf(id)).toMatchObject({ status: 'done', sent: 2_500 });
  });

  it('goes on when it is resumed while a lane of its earlier run still sends', async () => {
    await rig.put(objectWith('a', 2_500));
    const id = await start();
    const fresh = Promise.withResolvers<void>();
    const old = Promise.withResolvers<void>();
    let second: Promise<number> | undefined;
    const ofFirst = {
      ...rig.ports.table,
      save: async (...save: Parameters<typeof rig.ports.table.save>) => {
        await resumeReplay(rig.ports, id);
        second ??= rig.work({ change: { table: ofSecond } });
        await fresh.promise;
        return rig.ports.table.save(...save);
      },
    };
    const ofSecond = {
      ...rig.ports.table,
      save: async (...save: Parameters<typeof rig.ports.table.save>) => {
        fresh.resolve();
        await old.promise;
        return rig.ports.table.save(...save);
      },
    };
    await rig.work({ change: { table: ofFirst }, most: 2 });
    old.resolve();
    await second;
    expect(await stateOf(id)).toMatchObject({ status: 'done', run: 2, read: 2_500, sent: 2_500 });
    expect(new Set(idsOf(await rig.take(rig.queueUrl))).size).toBe(2_500);
  });

  it('sends nothing after it was cancelled, and cannot be resumed', async () => {
    await rig.put(objectWith('a', 10));
    const id = await start();
    await rig.work({ most: 1 });
    await cancelReplay(rig.ports, id);
    await rig.work();
    expect(await rig.take(rig.queueUrl)).toEqual([]);
    expect(await resumeReplay(rig.ports, id)).toBeUndefined();
    expect(await pauseReplay(rig.ports, id)).toBeUndefined();
    expect((await stateOf(id)).endedAt).toBeDefined();
  });
});

describe('what a replay cannot read or send', () => {
  it('a broken object is left out, counted and named, and the rest is sent', async () => {
    const broken = objectWith('broken', 5);
    await rig.put({ ...broken, body: broken.body.subarray(0, 40) }, objectWith('whole', 5, 1));
    const id = await start();
    await rig.work();
    expect(idsOf(await rig.take(rig.queueUrl)).toSorted()).toEqual(range(5).map((n) => `whole-${n}`));
    const state = await stateOf(id);
    expect(state).toMatchObject({ status: 'done', sent: 5 });
    expect(state.unreadable).toBeGreaterThan(0);
    const task = await rig.ports.table.task(id, 0);
    expect(task?.problems[0]).toContain(broken.key);
  });

  it('a bucket that does not answer loses no object: the replay fails, and goes on when it is resumed', async () => {
    await rig.put(objectWith('a', 5));
    const id = await start();
    const silent = {
      ...rig.ports.store,
      open: async () => {
        throw Object.assign(new Error('not today'), { name: 'AccessDenied' });
      },
    };
    await rig.work({ most: 1 });
    // As if it were the last attempt.
    await rig.work({ change: { store: silent, maxReceives: 1 }, most: 1 });
    expect(await stateOf(id)).toMatchObject({ status: 'failed', unreadable: 0 });
    expect((await stateOf(id)).problem).toContain('AccessDenied: not today');
    await resumeReplay(rig.ports, id);
    await rig.work();
    expect(await rig.take(rig.queueUrl)).toHaveLength(5);
    expect(await stateOf(id)).toMatchObject({ status: 'done', sent: 5, problem: undefined });
  });
});

it('a replay whose bucket is silent fails too, and does not end with its function', async () => {
  await rig.put(objectWith('a', 5));
  const id = await start();
  await rig.work({ most: 1 });
  const open = vi.fn(() => new Promise<never>(() => undefined));
  const silent = { ...rig.ports.store, open };
  await rig.work({ change: { store: silent, maxReceives: 1 }, most: 1, remainingMs: 12_000 });
  expect(open).toHaveBeenCalledOnce();
  expect(await stateOf(id)).toMatchObject({ status: 'failed', unreadable: 0 });
  expect((await stateOf(id)).problem).toContain('the time of the invocation is over');
});

describe('the events of a replay', () => {
  it('are those that the consumer and the request ask for', async () => {
    const lines = [
      eventOf({ id: 'red', data: { colour: 'red' } }),
      eventOf({ id: 'blue', data: { colour: 'blue' } }),
      eventOf({ id: 'elsewhere', source: '/elsewhere', data: { colour: 'red' } }),
      eventOf({ id: 'other', type: 'shop.OrderShipped.v1', data: { colour: 'red' } }),
      eventOf({ id: 'large', data: { colour: 'red', size: 9 } }),
    ];
    await rig.put(objectOf(lines.map((event) => archivedOf(event, hour))));
    const id = await start({
      filterPolicyScope: 'MessageBody',
      filterPolicy: { $or: [{ type: ['shop.OrderPlaced.v1'], data: { colour: ['red'] } }, { type: ['x'] }] },
      sources: ['/shop/checkout'],
      where: { data: { size: [{ exists: false }] } },
    });
    await rig.work();
    expect(idsOf(await rig.take(rig.queueUrl))).toEqual(['red']);
    expect(await stateOf(id)).toMatchObject({ read: 5, sent: 1, filtered: 4 });
  });

  it('have their large data back before they are sent', async () => {
    const event = eventOf({ id: 'large' });
    const data = JSON.stringify({ text: 'long' });
    const key = largeDataKey(event, sha256(data));
    const stored = { bucket: rig.ports.bucket.name, key, bytes: data.length, sha256: sha256(data) };
    const linked = withoutLargeData(event, stored, undefined);
    await rig.put(objectOf([archivedOf(linked, hour, { largeData: data })]));
    await start();
    await rig.work();
    expect(idsOf(await rig.take(rig.queueUrl))).toEqual(['large']);
    expect(await rig.objectAt(key)).toBe(data);
  });
});

describe('a replay whose end lies ahead', () => {
  it('goes on until the archive is complete, and sends what was archived meanwhile', async () => {
    await rig.put(objectWith('early', 3));
    let complete = hour + 3_600_000;
    const { sqs } = rig.ports;
    // While the message is hidden, the archive is written. Nobody waits for the end of its pause.
    const passing = {
      send: (async (...[command, ...options]: Parameters<typeof sqs.send>) => {
        if (!(command instanceof ChangeMessageVisibilityCommand)) return sqs.send(command, ...options);
        await rig.put(objectWith('late', 2, 60));
        complete = Number.MAX_SAFE_INTEGER;
        return sqs.send(new ChangeMessageVisibilityCommand({ ...command.input, VisibilityTimeout: 0 }));
      }) as typeof sqs.send,
    };
    const id = await start();
    await rig.work({ change: { sqs: passing, watermark: async () => complete } });
    expect(idsOf(await rig.take(rig.queueUrl))).toHaveLength(5);
    expect(await stateOf(id)).toMatchObject({ status: 'done', sent: 5, objects: 2, tasks: 2 });
  });
});
