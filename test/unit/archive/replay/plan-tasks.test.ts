import { expect, it } from 'vitest';
import { objectKey } from '../../../../lib/archive/object-key.ts';
import type { ArchiveObject } from '../../../../lib/archive/read/list-objects.ts';
import { lanesFor } from '../../../../lib/archive/replay/pace.ts';
import { planTasks } from '../../../../lib/archive/replay/plan/plan-tasks.ts';
import { partOf } from '../../../../lib/archive/replay/replay-items.ts';
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

const plan = (some: readonly ArchiveObject[], firstNumber = 0) =>
  Array.fromAsync(planTasks(each(some), { firstNumber }));

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

it('has names for tasks whose order is that of their numbers, however many there are', () => {
  const numbers = [0, 9, 10, 99_999, 100_000, 99_999_999];
  expect(numbers.map(partOf).toSorted()).toEqual(numbers.map(partOf));
});

it('has a lane for every 250 events a second, four at most, and one for a queue that keeps an order', () => {
  expect([1, 250, 251, 999, 10_000].map((rate) => lanesFor(rate, false))).toEqual([1, 1, 2, 4, 4]);
  expect(lanesFor(10_000, true)).toBe(1);
});
