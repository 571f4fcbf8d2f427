import { expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { defineSaga } from '../../../lib/contracts/saga/define-saga.ts';
import type { Transitions } from '../../../lib/runtime/saga/transitions.ts';
import {
  OrderCancelled,
  OrderPlaced,
  orders,
  PaymentAccepted,
  PaymentTimedOut,
  StockRequested,
  transitions,
} from './orders.ts';

/** The compiler reads these; nothing runs them. */
const types = (..._values: unknown[]): void => undefined;
const { paying, reserving } = transitions;
const { 'shop.PaymentDeclined': _declined, ...payingWithoutDeclined } = paying;
const { 'shop.OrderTimedOut': _timeout, ...reservingWithoutTimeout } = reserving;

it('a missing step, event, end or time-out is an error of the compiler that names it', () => {
  const { cancelled: _cancelled, ...withoutEnd } = transitions;
  // @ts-expect-error Property 'cancelled' is missing
  const noEnd: Transitions<typeof orders> = withoutEnd;
  // @ts-expect-error Property ''shop.PaymentDeclined'' is missing
  const noEvent: Transitions<typeof orders> = { ...transitions, paying: payingWithoutDeclined };
  // @ts-expect-error Property ''shop.OrderTimedOut'' is missing
  const noTimeout: Transitions<typeof orders> = { ...transitions, reserving: reservingWithoutTimeout };
  types(noEnd, noEvent, noTimeout);
  expect(orders.saga.steps).toEqual(['reserving', 'paying']);
});

it('a transition gets the data of its event, and the saga of its row', () => {
  const row: Transitions<typeof orders>['paying'] = {
    ...paying,
    'shop.PaymentAccepted': (event, saga) => {
      const paymentId: string = event.data.paymentId;
      const total: number = saga.data.totalMinor;
      types(paymentId, total);
      // @ts-expect-error 'packing' is no step
      saga.goTo('packing');
      // @ts-expect-error an end is not a step
      saga.goTo('paid');
      // @ts-expect-error a step is not an end
      saga.end('reserving');
      // @ts-expect-error the state has a number
      saga.update({ totalMinor: 'many' });
      // @ts-expect-error the data belongs to another event
      saga.emit(StockRequested, { sku: 'tea' });
      // @ts-expect-error the definition does not name it under emits
      saga.emit(OrderPlaced, { orderId: 'o', totalMinor: 1 });
      // @ts-expect-error it is no time-out of the definition
      saga.timeout(OrderCancelled, { orderId: 'o' }, { in: 1 });
      // @ts-expect-error the data is changed by update
      saga.data.totalMinor = 2;
    },
  };
  types(row);
});

it('data cannot be changed in place, at any depth, and can be given on', () => {
  const list = z.object({
    id: z.string(),
    list: z.array(z.object({ n: z.number() })),
    tag: z.string().brand('tag'),
  });
  const event = <const Type extends string>(type: Type) =>
    defineEvent({ type, version: 1, description: 'A test event.', data: list });
  const lists = defineSaga({
    name: 'lists',
    description: 'Lists.',
    startedBy: [event('test.Begun')],
    movedBy: [event('test.Moved')],
    emits: [event('test.Told')],
    steps: ['on'],
    ends: ['off'],
    state: list,
    correlate: 'id',
  });
  const row: Pick<Transitions<typeof lists>['on'], 'test.Moved'> = {
    'test.Moved': ({ data }, saga) => {
      saga.update(data);
      saga.update({ ...saga.data, list: [...saga.data.list, { n: 1 }] });
      for (const contract of lists.saga.emits) saga.emit(contract, saga.data);
      // @ts-expect-error the change would be lost
      saga.data.list.push({ n: 1 });
      // @ts-expect-error the change would be lost
      Object.assign(saga.data.list[0] ?? {}, {}).n = 1;
      // @ts-expect-error the change would be seen by a transition that runs again
      data.list.push({ n: 1 });
    },
  };
  types(row);
});

it('a transition may not be async, and words have their places', () => {
  const rows = {
    // @ts-expect-error a transition returns no promise
    async: { ...paying, 'shop.PaymentAccepted': async () => undefined } satisfies Transitions<
      typeof orders
    >['paying'],
    ended: {
      'shop.OrderPlaced': 'ignore',
      'shop.StockReserved': 'ignore',
      'shop.PaymentAccepted': 'ignore',
      // @ts-expect-error nothing comes after an end, so nothing waits in it
      'shop.PaymentDeclined': 'wait',
    } satisfies Transitions<typeof orders>['cancelled'],
    begins: {
      ...transitions.new,
      // @ts-expect-error the event that begins a saga cannot be ignored
      'shop.OrderPlaced': 'ignore',
    } satisfies Transitions<typeof orders>['new'],
    leaves: {
      'shop.OrderPlaced': 'ignore',
      'shop.StockReserved': 'ignore',
      'shop.PaymentDeclined': 'ignore',
      // @ts-expect-error a saga does not leave its end
      'shop.PaymentAccepted': (_event, saga) => saga.goTo('paying'),
    } satisfies Transitions<typeof orders>['cancelled'],
    left: {
      ...reserving,
      // @ts-expect-error the time-out of another step
      'shop.PaymentTimedOut': (_event, saga) => saga.end('cancelled'),
    } satisfies Transitions<typeof orders>['reserving'],
  };
  types(rows);
});

it('the key of a saga is a text that all its events have, or a function for each', () => {
  const base = {
    name: 'orders',
    description: 'Orders.',
    startedBy: [OrderPlaced],
    movedBy: [PaymentAccepted],
    steps: ['paying'],
    ends: ['paid'],
    state: z.object({}),
  } as const;
  const own = defineSaga({
    ...base,
    correlate: {
      'shop.OrderPlaced': (data) => data.orderId,
      'shop.PaymentAccepted': (data) => data.paymentId,
    },
  });
  expect(own.saga.timeouts).toEqual({});
  // @ts-expect-error not all events have it
  types(() => defineSaga({ ...base, correlate: 'paymentId' }));
  // @ts-expect-error it is a number
  types(() => defineSaga({ ...base, correlate: 'totalMinor' }));
  // @ts-expect-error an event is missing
  types(() => defineSaga({ ...base, correlate: { 'shop.OrderPlaced': (data) => data.orderId } }));
  // @ts-expect-error a time-out of a step that the saga does not have
  types(() => defineSaga({ ...base, correlate: 'orderId', timeouts: { waiting: [PaymentTimedOut] } }));
});
