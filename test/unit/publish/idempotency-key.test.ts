import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCHED, data, publish, STRUCTURED } from './shop-door.ts';

const order = (orderId: string, more: object = {}) => ({
  specversion: '1.0',
  source: '/shop',
  type: 'shop.OrderPlaced.v1',
  ...more,
  data: { ...data, orderId },
});

/** The ids that events get, by their order. */
async function idsOf(events: readonly object[], key = 'checkout-1'): Promise<readonly string[]> {
  const headers = { 'content-type': BATCHED, 'idempotency-key': key };
  const { status, published } = await publish(Buffer.from(JSON.stringify(events)), headers);
  expect(status).toBe(202);
  return published.map(({ id }) => id);
}

async function idOf(event: unknown, headers: Record<string, string> = { 'content-type': STRUCTURED }) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const { published } = await publish(body, { ...headers, 'idempotency-key': 'checkout-1' });
  return published[0]?.id;
}

describe('the ids of a request with an Idempotency-Key', () => {
  it('are the same when it is sent again', async () => {
    const batch = [order('1'), order('2'), order('2')];
    expect(await idsOf(batch)).toEqual(await idsOf(batch));
  });

  it('are others for other content under the same key', async () => {
    expect(await idsOf([order('1')])).not.toEqual(await idsOf([order('2')]));
  });

  it('are others for the same content under another key', async () => {
    expect(await idsOf([order('1')], 'a')).not.toEqual(await idsOf([order('1')], 'b'));
  });

  it('stay with their events when only some of them are sent again, in whatever order', async () => {
    const [one, two, three] = await idsOf([order('1'), order('2'), order('3')]);
    expect(await idsOf([order('3'), order('2')])).toEqual([three, two]);
    expect(await idsOf([order('2')])).toEqual([two]);
    expect(await idsOf([order('0'), order('1')])).toEqual([expect.any(String), one]);
  });

  it('differ for events that say the same, and are the same ones again', async () => {
    const ids = await idsOf([order('1'), order('1'), order('2'), order('1')]);
    expect(new Set(ids).size).toBe(4);
    const again = await idsOf([order('1'), order('1'), order('1')]);
    expect(new Set(again)).toEqual(new Set([ids[0], ids[1], ids[3]]));
  });

  it('stay with their events whatever part of a batch of different ones is sent again', async () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        numbers.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: 1 }))),
        async ([all, part]) => {
          const ids = await idsOf(all.map((number) => order(String(number))));
          expect(await idsOf(part.map((number) => order(String(number))))).toEqual(
            part.map((number) => ids[all.indexOf(number)]),
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('an event is the same under its key', () => {
  it('in whatever order its members are written, with blanks or without, with nulls or without', async () => {
    const { data: its, ...attributes } = order('1', { subject: 'order-1' });
    const reversed = Object.fromEntries(Object.entries(its).toReversed());
    const pretty = JSON.stringify({ data: reversed, ...attributes, time: null, id: null }, null, 2);
    expect(await idOf(pretty)).toBe(await idOf({ ...attributes, data: its }));
  });

  it('with another trace, which every attempt has', async () => {
    const traced = (span: string) =>
      order('1', { traceparent: `00-0af7651916cd43dd8448eb211c80319c-${span}-01`, tracestate: span });
    expect(await idOf(traced('b7ad6b7169203331'))).toBe(await idOf(traced('00f067aa0ba902b7')));
  });

  it('alone and in a batch, in structured and in binary mode', async () => {
    const [inBatch] = await idsOf([order('1')]);
    const headers = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-source': '/shop',
      'ce-type': 'shop.OrderPlaced.v1',
    };
    expect(await idOf(order('1'))).toBe(inBatch);
    expect(await idOf(order('1').data, headers)).toBe(inBatch);
  });
});

describe('an event is another under the same key', () => {
  it.each([
    ['with another time, if it names one', order('1', { time: '2026-01-31T12:00:00Z' })],
    ['with a subject', order('1', { subject: 'a' })],
    ['with another source', order('1', { source: '/other' })],
    ['with an extension', order('1', { tenant: 'a' })],
    ['with one more member in its data', { ...order('1'), data: { ...order('1').data, note: 'x' } }],
  ])('%s', async (_, other) => {
    expect(await idOf(other)).toBeDefined();
    expect(await idOf(other)).not.toBe(await idOf(order('1')));
  });
});

it('leaves ids alone that the client has given', async () => {
  expect(await idsOf([order('1', { id: 'mine' }), order('1')])).toEqual([
    'mine',
    (await idsOf([order('1')]))[0],
  ]);
});
