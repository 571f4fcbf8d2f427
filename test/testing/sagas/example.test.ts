import { readFileSync } from 'node:fs';
import { sagaHandlers } from 'fanfare/saga';
import { simulate, testConsumer } from 'fanfare/testing';
import { describe, expect, it } from 'vitest';
import { orders } from './example/consumer.ts';
import { transitions } from './example/transitions.ts';

const data = { orderId: 'o-1' };
const placed = { type: 'shop.OrderPlaced' as const, data: { ...data, totalMinor: 250 } };
const reserved = { type: 'shop.StockReserved' as const, data };
const accepted = { type: 'shop.PaymentAccepted' as const, data };

describe('a saga, as docs/testing.md tests it', () => {
  it('gives back a payment that comes after its time-out', async () => {
    const saga = testConsumer(orders, sagaHandlers(orders, transitions));
    await saga.receive(placed);
    const { emitted } = await saga.receive(reserved);
    const timeout = emitted.find(({ type }) => type === 'shop.PaymentTimedOut.v1');
    await saga.clock.advance(600);
    await saga.receiveMessage(JSON.stringify(timeout));
    expect(saga.table('sagas').get({ id: 'o-1' })).toMatchObject({ step: 'cancelled' });

    const late = await saga.receive(accepted);
    expect(late.emitted.map(({ type }) => type)).toEqual(['shop.RefundRequested.v1']);
  });

  it('acts once, whatever happens', async () => {
    const events = [placed, reserved, accepted].map((event, index) => ({ ...event, id: `e-${index}` }));
    await simulate(orders, sagaHandlers(orders, transitions), { events, seeds: 20 });
  }, 60_000);
});

describe('docs/sagas.md', () => {
  const page = readFileSync('docs/sagas.md', 'utf8');

  it.each(['consumer', 'transitions'])('has the %s of the example as it is tested here', (name) => {
    const code = readFileSync(`test/testing/sagas/example/${name}.ts`, 'utf8');
    expect(page).toContain(code.slice(code.indexOf('export const')));
  });
});
