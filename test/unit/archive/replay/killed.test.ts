import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../../lib/archive/object-key.ts';
import { createReplay } from '../../../../lib/archive/replay/create-replay.ts';
import type { ReplayHandlerProps } from '../../../../lib/archive/replay/create-replay-handler.ts';
import { createReplayQueue } from '../../../../lib/archive/replay/replay-queue.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../../apps/archive/archive-objects.ts';
import { createMemoryRig } from './memory-rig.ts';

const GROUPS = 3;
const HOURS = 3;
const PER_HOUR = 4;
const PER_OBJECT = 5;

/** How the function dies: at a call that has or has not had its effect; or the call fails, and the function lives on. */
const DEATHS = ['before', 'after', 'failsBefore', 'failsAfter'] as const;
type Death = (typeof DEATHS)[number];

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Ports of which one call, counted over all of them, is that of a death. */
function deadly(ports: ReplayHandlerProps, at: number, death: Death) {
  const life = { calls: 0, isDead: false };
  const call = async <T>(run: () => Promise<T>): Promise<T> => {
    if (life.isDead) throw new Killed();
    life.calls += 1;
    if (life.calls !== at) return run();
    life.isDead = death === 'before' || death === 'after';
    if (death === 'after' || death === 'failsAfter') await run();
    throw new Killed();
  };
  const { table, store, sqs, bucket, watermark } = ports;
  const send = ((command: Parameters<typeof sqs.send>[0]) =>
    call(() => sqs.send(command))) as typeof sqs.send;
  const mortal: ReplayHandlerProps = {
    ...ports,
    sqs: { send },
    queue: createReplayQueue({ send }, ports.replayQueueUrl),
    store: {
      async *list(...of) {
        await call(async () => undefined);
        yield* store.list(...of);
      },
      open: (key) => call(() => store.open(key)),
    },
    bucket: { ...bucket, put: (...of) => call(() => bucket.put(...of)) },
    watermark: () => call(watermark),
    table: {
      ...table,
      read: (id) => call(() => table.read(id)),
      change: (...of) => call(() => table.change(...of)),
      async *tasksOf(...of) {
        await call(async () => undefined);
        yield* table.tasksOf(...of);
      },
      task: (...of) => call(() => table.task(...of)),
      keysOf: (...of) => call(() => table.keysOf(...of)),
      addTasks: (...of) => call(() => table.addTasks(...of)),
      save: (...of) => call(() => table.save(...of)),
    },
  };
  return { life, mortal };
}

/** The same numbers for the same seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function chanceOf(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

/** Hours of objects, with events that the consumer does not want, and some that are there twice in their object. */
function archiveOf(seed: number) {
  const chance = chanceOf(seed);
  const wanted: { readonly id: string; readonly group: string }[] = [];
  const objects = Array.from({ length: HOURS * PER_HOUR }, (_, at) => {
    const arrivedAt = HOUR + Math.floor(at / PER_HOUR) * HOUR_MS + (at % PER_HOUR) * 60_000;
    const lines = Array.from({ length: PER_OBJECT }, (__, n) => {
      const type = chance(4) === 0 ? 'shop.OrderShipped.v1' : 'shop.OrderPlaced.v1';
      const event = eventOf({ id: `e-${at}-${n}`, type, partitionkey: `g-${chance(GROUPS)}` });
      if (type === 'shop.OrderPlaced.v1') wanted.push({ id: event.id, group: event.partitionkey ?? '' });
      return archivedOf(event, arrivedAt);
    });
    const twice = lines.find(({ type }) => chance(2) === 0 && type === 'shop.OrderPlaced.v1');
    return objectOf(twice ? [...lines, twice] : lines, arrivedAt + 300_000);
  });
  return { objects, wanted, chance };
}

/** A replay whose function dies once, in the archive that a seed makes. @returns how many calls it has made */
async function replayWith(seed: number, fifo: boolean, at: number, death: Death): Promise<number> {
  const { objects, wanted, chance } = archiveOf(seed);
  let looks = 0;
  const rig = createMemoryRig({
    store: storeOf(objects),
    fifo,
    choose: chance,
    // Half of the invocations have time for some events only.
    remainingMs: seed % 2 === 0 ? 300_000 : 32_000,
    watermark: () => HOUR + Math.ceil(HOURS / 2) * looks++ * HOUR_MS * 2,
  });
  const ports = { ...rig.ports, taskLimits: { events: 100, objects: 1 } };
  const { life, mortal } = deadly(ports, at, death);
  const request = rig.request({ rate: fifo ? 10 : 600 });
  const { id } = await createReplay(rig.ports, request, { createdBy: 'test' });
  while (await rig.handleOne(mortal, () => life.isDead)) {
    // Another one takes its place, and gets its message when the visibility timeout is over.
    life.isDead = false;
  }
  return check();

  async function check(): Promise<number> {
    const lines = objects.reduce((sum, { key }) => sum + Number(/-n(\d+)-/.exec(key)?.[1]), 0);
    const where = `seed ${seed}, ${fifo ? 'FIFO' : 'standard'}, ${death} call ${at}`;
    const state = await rig.ports.table.read(id);
    expect(state, where).toMatchObject({
      status: 'done',
      read: lines,
      sent: wanted.length,
      objects: objects.length,
    });
    expect(rig.sqs.deadLetters, where).toEqual([]);
    const sent = rig.sqs.delivered.map(({ entry: { MessageBody = '{}', MessageGroupId } }) => ({
      id: String(JSON.parse(MessageBody).id),
      group: MessageGroupId,
    }));
    expect(new Set(sent.map((one) => one.id)), where).toEqual(new Set(wanted.map((one) => one.id)));
    if (!fifo) return life.calls;
    for (const group of new Set(wanted.map((one) => one.group))) {
      const first = new Set(sent.filter((one) => one.group === group).map((one) => one.id));
      expect([...first], where).toEqual(wanted.filter((one) => one.group === group).map((one) => one.id));
    }
    return life.calls;
  }
}

it.each([
  { seed: 1, fifo: true },
  { seed: 2, fifo: true },
  { seed: 3, fifo: false },
  { seed: 4, fifo: false },
])(
  'ends with every event sent and counted once, wherever the function dies: seed $seed, fifo $fifo',
  async ({ seed, fifo }) => {
    const calls = await replayWith(seed, fifo, 0, 'before');
    expect(calls).toBeGreaterThan(50);
    for (let at = 1; at <= calls; at++) for (const death of DEATHS) await replayWith(seed, fifo, at, death);
  },
  120_000,
);
