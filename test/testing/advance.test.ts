import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestBus, type TestBus } from 'fanfare/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { remindersApp } from './reminders/app.ts';
import { CartFilled, CartPaid } from './reminders/definitions.ts';

const DAY = 86_400;
const outdir = mkdtempSync(join(tmpdir(), 'fanfare-advance-'));
const lines: string[] = [];
let bus: TestBus;

beforeAll(async () => {
  bus = await startTestBus(remindersApp(outdir), { log: (line) => lines.push(line) });
});

afterAll(async () => {
  await bus?.stop();
  rmSync(outdir, { recursive: true, force: true });
});

const notes = () => bus.table('notes', 'notes').items();
const of = async (what: string) => (await notes()).filter((note) => note.what === what);

it('an event that comes later is not there before, and then it is, at its time', async () => {
  const publishedAt = bus.now().getTime();
  await bus.publish(CartFilled, { cartId: 'late' });
  await bus.settled();
  await bus.advance(30 * DAY - 60);
  expect(await of('late')).toEqual([]);
  await bus.advance(120);
  const [note, ...others] = await of('late');
  expect(others).toEqual([]);
  const seconds = (Number(note?.at) - publishedAt) / 1_000;
  expect(seconds).toBeGreaterThanOrEqual(30 * DAY);
  expect(seconds).toBeLessThan(30 * DAY + 60);
});

it('an event that was cancelled on the way never comes', async () => {
  await bus.publish(CartFilled, { cartId: 'paid' });
  await bus.publish(CartFilled, { cartId: 'forgotten' });
  await bus.advance(29 * DAY);
  await bus.publish(CartPaid, { cartId: 'paid' });
  await bus.advance(2 * DAY);
  expect([(await of('paid')).length, (await of('forgotten')).length]).toEqual([0, 1]);
});

it('a publisher says when too, also within 15 minutes', async () => {
  const at = new Date(bus.now().getTime() + 600_000);
  await bus.publish(CartPaid, { cartId: 'soon' }, { at });
  await bus.settled();
  expect(await of('soon is paid')).toEqual([]);
  await bus.advance(601);
  expect(await of('soon is paid')).toHaveLength(1);
});

it('an event that comes every day comes every day', async () => {
  const before = (await of('day')).length;
  await bus.advance(7 * DAY);
  const days = (await of('day')).map(({ at }) => new Date(Number(at)).toISOString().slice(0, 16)).toSorted();
  expect(days.length - before).toBe(7);
  expect(days.every((day) => day.endsWith('T00:00'))).toBe(true);
  expect(new Set(days).size).toBe(days.length);
});
