import { expect, it } from 'vitest';
import { objectKey } from '../../../../lib/archive/object-key.ts';
import type { ArchiveObject } from '../../../../lib/archive/read/list-objects.ts';
import { lanesFor } from '../../../../lib/archive/replay/pace.ts';
import { planTasks } from '../../../../lib/archive/replay/plan-tasks.ts';
import { HOUR } from '../../../apps/archive/archive-objects.ts';

function objects(...events: readonly number[]): ArchiveObject[] {
  return events.map((count, index) => {
    const facts = {
      hour: HOUR,
      writtenAt: HOUR + index,
      writer: 'a',
      events: count,
      types: undefined,
      sources: undefined,
    };
    return { key: objectKey(facts), bytes: 10 * count, facts };
  });
}

async function* each(some: readonly ArchiveObject[]): AsyncGenerator<ArchiveObject> {
  yield* some;
}

const plan = (some: readonly ArchiveObject[], known: readonly string[] = [], firstNumber = 0) =>
  Array.fromAsync(planTasks(each(some), { firstNumber, known: new Set(known) }));

it('puts consecutive objects into a task until it has ten thousand events', async () => {
  const tasks = await plan(objects(4_000, 6_000, 1, 9_999));
  expect(tasks.map(({ number, events, bytes }) => [number, events, bytes])).toEqual([
    [0, 10_000, 100_000],
    [1, 10_000, 100_000],
  ]);
  expect(tasks.flatMap(({ keys }) => keys)).toEqual(objects(4_000, 6_000, 1, 9_999).map(({ key }) => key));
});

it('gives an object that is larger than a task one of its own', async () => {
  expect((await plan(objects(1, 25_000, 1))).map(({ events }) => events)).toEqual([1, 25_000, 1]);
});

it('puts at most a hundred objects into a task, whose keys have to fit into an item', async () => {
  expect((await plan(objects(...Array<number>(250).fill(1)))).map(({ keys }) => keys.length)).toEqual([
    100, 100, 50,
  ]);
});

it('makes no second task of what has one, and counts on', async () => {
  const [first, second, third] = objects(1, 1, 1);
  const tasks = await plan(
    [first, second, third].flatMap((one) => one ?? []),
    [first?.key ?? '', second?.key ?? ''],
    7,
  );
  expect(tasks.map(({ number, keys }) => [number, keys])).toEqual([[7, [third?.key]]]);
});

it('has a lane for every 250 events a second, four at most, and one for a queue that keeps an order', () => {
  expect([1, 250, 251, 999, 10_000].map((rate) => lanesFor(rate, false))).toEqual([1, 1, 2, 4, 4]);
  expect(lanesFor(10_000, true)).toBe(1);
});
