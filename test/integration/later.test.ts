import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBus, type TestBus } from '../../lib/testing/start-test-bus.ts';
import { createApp } from '../apps/later/app.ts';
import { OrderPlaced, PaymentReceived, PaymentTimedOut } from '../apps/later/events.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-later-'));
let bus: TestBus;

beforeAll(async () => {
  bus = await startTestBus(createApp({ outdir }));
}, 120_000);

afterAll(async () => {
  await bus.stop();
  rmSync(outdir, { recursive: true, force: true });
});

const reminded = (orderId: string) => bus.table('reminder', 'entries').get({ id: orderId });
const place = (orderId: string, seconds: number) => bus.publish(OrderPlaced, { orderId, seconds });

async function arrival(orderId: string): Promise<Record<string, unknown>> {
  return await expect
    .poll(() => reminded(orderId), { timeout: 30_000, interval: 200 })
    .toBeDefined()
    .then(async () => (await reminded(orderId)) ?? {});
}

describe('an event that comes later', () => {
  it('arrives once, and not before its time, when a consumer emits it', async () => {
    await place('a', 2);
    const { times, deliverat, arrived } = await arrival('a');
    expect(times).toBe(1);
    expect(Number(arrived)).toBeGreaterThanOrEqual(Date.parse(String(deliverat)));
  });

  it('arrives once, and not before its time, when it is published over HTTP', async () => {
    const at = new Date(Date.now() + 2_000);
    await bus.publish(PaymentTimedOut, { orderId: 'b', seconds: 1 }, { at });
    const { times, deliverat, arrived } = await arrival('b');
    expect([times, deliverat]).toEqual([1, at.toISOString()]);
    expect(Number(arrived)).toBeGreaterThanOrEqual(at.getTime());
  });

  it('arrives at once when its time has passed', async () => {
    await bus.publish(PaymentTimedOut, { orderId: 'c', seconds: 1 }, { at: '2020-01-01T00:00:00Z' });
    expect(await arrival('c')).toMatchObject({ times: 1, deliverat: '2020-01-01T00:00:00Z' });
  });

  it('does not arrive when it was cancelled; its neighbour does', async () => {
    await place('d', 4);
    await expect
      .poll(() => bus.table('orders', 'entries').get({ id: 'd' }), { timeout: 30_000 })
      .toBeDefined();
    await bus.publish(PaymentReceived, { orderId: 'd', seconds: 1 });
    await place('e', 5);
    await arrival('e');
    expect(await reminded('d')).toBeUndefined();
  });
});
