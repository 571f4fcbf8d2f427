import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineSaga } from '../../../lib/contracts/saga/define-saga.ts';
import { isSaga } from '../../../lib/contracts/saga/saga-definition.ts';
import {
  OrderPlaced,
  OrderTimedOut,
  orders,
  PaymentAccepted,
  PaymentTimedOut,
  StockRequested,
} from './orders.ts';

const base = {
  name: 'orders',
  description: 'Orders.',
  startedBy: [OrderPlaced],
  movedBy: [PaymentAccepted],
  steps: ['paying'],
  ends: ['paid'],
  state: z.object({}),
  correlate: 'orderId',
};
/** As a program without types would call it. */
const define = (more: object): ConsumerDefinition => defineSaga({ ...base, ...more } as never);

describe('a saga is a consumer', () => {
  it('that commits, has a table with a time to live, and listens to its own time-outs', () => {
    expect(orders).toMatchObject({
      effects: 'commit',
      tables: { sagas: { partitionKey: 'id', timeToLiveAttribute: 'expiresAt' } },
      erased: 'acknowledge',
      replay: 'refuse',
      retry: { maxAttempts: 5 },
    });
    expect(orders.listensTo.map(({ type }) => type)).toEqual([
      'shop.OrderPlaced',
      'shop.StockReserved',
      'shop.PaymentAccepted',
      'shop.PaymentDeclined',
      'shop.OrderTimedOut',
      'shop.PaymentTimedOut',
    ]);
    expect(orders.emits).toContain(OrderTimedOut);
    expect(orders.emits).toContain(PaymentTimedOut);
    expect(orders.emits).toContain(StockRequested);
    expect(orders.emitsLater).toBe(true);
    expect(isSaga(orders)).toBe(true);
  });

  it('that sends nothing for later when it has no time-outs', () => {
    const plain = define({});
    expect(plain.emitsLater).toBe(false);
    expect(plain.emits).toEqual([]);
  });

  it('and another consumer is no saga', () => {
    expect(isSaga(defineConsumer({ name: 'other', description: 'Other.', listensTo: [OrderPlaced] }))).toBe(
      false,
    );
  });

  it('whose patience follows its retry policy', () => {
    expect(orders.saga).toMatchObject({ keepDays: 90, longestWaitSeconds: 21_600 });
    expect(define({ retry: { maxDelaySeconds: 60 } })).toMatchObject({ saga: { longestWaitSeconds: 1_920 } });
    expect(define({ longestWaitSeconds: 28_800 })).toMatchObject({ saga: { longestWaitSeconds: 28_800 } });
    expect(define({ replay: 'allow' }).replay).toBe('allow');
  });

  it('whose state may have a default, for the sagas of an earlier version', () => {
    const state = z.object({ n: z.int().min(0).default(0) });
    expect(define({ state })).toMatchObject({ saga: { state } });
  });

  it('that names an event in startedBy and movedBy once', () => {
    expect(define({ movedBy: [OrderPlaced, PaymentAccepted] }).listensTo).toEqual([
      OrderPlaced,
      PaymentAccepted,
    ]);
  });
});

it('a state may have rules that a JSON Schema does not show: nobody else reads it', () => {
  const state = z.object({ from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to);
  expect(define({ state })).toMatchObject({ saga: { state } });
});

const anyKey = (): string => 'o';

describe('a definition is refused', () => {
  it.each([
    [{ startedBy: [] }, "saga 'orders' is begun by no event; name at least one in startedBy"],
    [{ steps: [] }, 'has no steps'],
    [{ ends: [] }, 'has no ends'],
    [{ steps: ['new'] }, "has a step 'new'"],
    [{ ends: ['Shipped'] }, "has a step 'Shipped'; a step is camelCase"],
    [{ ends: ['paying'] }, "names the step 'paying' twice"],
    [{ steps: ['paying', 'paying'] }, "names the step 'paying' twice"],
    [
      { timeouts: { waiting: [PaymentTimedOut] } },
      "has time-outs for 'waiting', which is none of its steps: paying",
    ],
    [{ timeouts: { paid: [PaymentTimedOut] } }, "has time-outs for 'paid', which is none of its steps"],
    [
      { timeouts: { paying: [PaymentAccepted] } },
      'names shop.PaymentAccepted in timeouts and as an event of others',
    ],
    [{ correlate: { 'shop.OrderPlaced': anyKey } }, 'does not say how shop.PaymentAccepted names its saga'],
    [
      {
        correlate: { 'shop.OrderPlaced': anyKey, 'shop.PaymentAccepted': anyKey },
        timeouts: { paying: [PaymentTimedOut] },
      },
      'does not say how shop.PaymentTimedOut names its saga',
    ],
    [
      { state: z.object({ since: z.date() }) },
      "saga 'orders' has a state that its table does not keep as it is, because it is stored as JSON:\n  /data/since: z.date() is not a JSON value; write z.iso.datetime()",
    ],
    [{ state: z.object({ paid: z.array(z.bigint()) }) }, '/data/paid/*: z.bigint() is not a JSON value'],
    [
      { state: z.object({ sku: z.string().transform((sku) => sku.length) }) },
      '/data/sku: .transform() runs code',
    ],
    [
      { state: z.object({ key: z.string().default(() => `${Math.random()}`) }) },
      '/data/key: its .default() returns another value each time',
    ],
    [{ steps: ['constructor'] }, "has a step 'constructor', which every object of JavaScript has"],
    [{ steps: ['toString'] }, "has a step 'toString', which every object of JavaScript has"],
    [{ steps: ['valueOf'] }, "has a step 'valueOf', which every object of JavaScript has"],
    [
      { timeouts: { paying: undefined } },
      "has no list of time-outs for 'paying'; name its events, or leave it out",
    ],
    [{ timeouts: { paying: [undefined] } }, "has a time-out for 'paying' that is no event"],
    [{ startedBy: [undefined] }, 'has something in startedBy that is no event'],
    [{ movedBy: OrderPlaced }, 'has no list in movedBy'],
    [{ emits: [{}] }, 'has something in emits that is no event'],
    [{ state: undefined }, 'has a state that is no schema of zod'],
    [{ state: { n: z.int() } }, 'has a state that is no schema of zod; write z.object({ ... })'],
    [{ correlate: undefined }, "has no correlate; name a member of its events, for example 'orderId'"],
    [{ correlate: '' }, 'has no correlate'],
    [{ keepDays: 0 }, 'has keepDays: 0'],
    [{ keepDays: 1.5 }, 'has keepDays: 1.5'],
    [
      { longestWaitSeconds: 28_801 },
      'has longestWaitSeconds: 28801; with its retry policy, it is 1 to 28800',
    ],
    [{ longestWaitSeconds: 0 }, 'has longestWaitSeconds: 0'],
    [{ longestWaitSeconds: Number.NaN }, 'has longestWaitSeconds: NaN'],
  ])('%o', (more, message) => {
    expect(() => define(more)).toThrow(message);
  });
});
