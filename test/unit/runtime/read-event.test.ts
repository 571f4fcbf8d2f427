import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import { UnreadableEventError } from '../../../lib/runtime/errors.ts';
import { knownTypes, readEvent } from '../../../lib/runtime/event/read-event.ts';

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'An order.',
  data: z.object({ orderId: z.string(), channel: z.enum(['web', 'store']).default('store') }),
  earlier: [
    {
      version: 1,
      data: z.object({ orderId: z.string() }),
      upcast: (data) => {
        if (data.orderId === 'lost') throw new Error('nobody knows where it was placed');
        return { ...data, channel: 'web' };
      },
    },
  ],
});
const known = knownTypes([OrderPlaced]);

const envelope = { specversion: '1.0', id: '4711', source: '/shop', dataschema: 'https://example.com/v1' };
function read(type: string, data: unknown, extra: object = {}) {
  const body = JSON.stringify({ ...envelope, ...extra, type, data });
  return readEvent({ body } as SQSRecord, known);
}

describe('an event of an older version', () => {
  const { event, contract } = read('shop.OrderPlaced.v1', { orderId: '4711' });

  it('is read as the newest, and says what it was', () => {
    expect(event).toMatchObject({
      type: 'shop.OrderPlaced.v2',
      upcastfrom: 'shop.OrderPlaced.v1',
      data: { orderId: '4711', channel: 'web' },
    });
    expect(contract).toBe(OrderPlaced);
  });

  it('is the same event as before: its identity stays', () => {
    expect(identityOf(event)).toBe('/shop|4711');
  });

  it('loses the schema that its publisher named, which is not that of its data any more', () => {
    expect(event.dataschema).toBeUndefined();
  });

  it('is unreadable when its data breaks its own version', () => {
    expect(() => read('shop.OrderPlaced.v1', { channel: 'web' })).toThrow(
      new UnreadableEventError(
        'the data of shop.OrderPlaced.v1 breaks its contract: /data/orderId Invalid input: expected string, received undefined',
      ),
    );
  });

  it('is unreadable when its upcast fails: trying again would not help', () => {
    expect(() => read('shop.OrderPlaced.v1', { orderId: 'lost' })).toThrow(
      new UnreadableEventError(
        'the upcast of shop.OrderPlaced.v1 to v2 threw: nobody knows where it was placed',
      ),
    );
  });
});

describe('an event of the newest version', () => {
  it('is given as its contract promises, defaults filled in', () => {
    const { event } = read('shop.OrderPlaced.v2', { orderId: '4711', unknown: true });
    expect(event).toEqual({
      ...envelope,
      type: 'shop.OrderPlaced.v2',
      data: { orderId: '4711', channel: 'store' },
    });
  });
});

it('does not believe a publisher who says that an event was upcast', () => {
  const { event } = read('shop.OrderPlaced.v2', { orderId: '4711' }, { upcastfrom: 'shop.OrderPlaced.v1' });
  expect(event.upcastfrom).toBeUndefined();
});

it('refuses an event that is newer than the consumer, should it ever arrive', () => {
  expect(() => read('shop.OrderPlaced.v3', {})).toThrow(
    'the consumer does not know shop.OrderPlaced.v3; it knows shop.OrderPlaced.v1, shop.OrderPlaced.v2',
  );
});
