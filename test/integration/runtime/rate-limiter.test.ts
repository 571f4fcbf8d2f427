import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import type { Clock } from '../../../lib/aws/clock.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { NotBegunError } from '../../../lib/runtime/errors.ts';
import { claimer, client, message, newId, recordOf, run, seen, setup, useRig } from './rig.ts';

useRig();

const START = 1_000_000;
const limited = defineConsumer({ ...claimer, rateLimit: { perSecond: 1 } });

/** Time passes while somebody waits for a turn; the ends of times never come. */
function patientClock(oversleeps: number[] = []): Clock {
  let now = START;
  return {
    now: () => now,
    // What may be ended before, or may be left behind, is the end of a time.
    sleep: async (milliseconds, { ref = true, signal } = {}) => {
      if (!ref || signal) return new Promise(() => undefined);
      now += milliseconds + (oversleeps.shift() ?? 0);
    },
  };
}

/** @param oversleeps by how much the process sleeps longer than it wants to, time after time */
async function deliverBehind(nextSlotAt: number, oversleeps: number[] = []): Promise<string> {
  const id = newId();
  await client.send(
    new PutItemCommand({
      TableName: 'records',
      Item: { id: { S: 'rate-limit' }, nextSlotAt: { N: String(nextSlotAt) } },
    }),
  );
  const consumer = setup(limited, () => undefined, { clock: patientClock(oversleeps) });
  await run(consumer, [message(id)], 9_000);
  return id;
}

it('a handler waits for its slot up to two thirds of the time', async () => {
  await deliverBehind(START + 6_000);
  expect(seen.reports[0]?.items[0]?.outcome).toMatchObject({ status: 'completed' });
});

it('and not longer: then it has not begun, which is no attempt', async () => {
  const id = await deliverBehind(START + 6_001);
  expect(seen.reports[0]?.items[0]?.outcome).toEqual({
    status: 'released',
    error: expect.any(NotBegunError),
  });
  expect(await recordOf(id)).toMatchObject({ attempts: { N: '0' } });
});

it('a handler whose process wakes early sleeps on until its slot', async () => {
  await deliverBehind(START + 1_000, [-1]);
  expect(seen.reports[0]?.items[0]).toMatchObject({ endedAt: START + 1_000 });
});

it.each([
  ['a handler that is late for its slot by less than the tolerance begins', 100, 1],
  ['one that is later has lost its slot, and waits for another', 101, 2],
])('%s', async (_, late, slots) => {
  await deliverBehind(START + 1_000, [late]);
  expect(seen.reports[0]?.items[0]?.outcome).toMatchObject({ status: 'completed' });
  const record = await client.send(
    new GetItemCommand({ TableName: 'records', Key: { id: { S: 'rate-limit' } } }),
  );
  // A slot of one a second is 1,100 ms long: the next is free after as many as were booked.
  const booked = Number(record.Item?.nextSlotAt?.N) - (START + 1_000);
  expect(Math.round(booked / 1_100)).toBe(slots);
});
