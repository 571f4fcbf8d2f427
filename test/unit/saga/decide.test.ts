import { describe, expect, it } from 'vitest';
import type { SagaItem } from '../../../lib/contracts/saga/saga-item.ts';
import { type Decision, decide, type Matrix } from '../../../lib/runtime/saga/decide.ts';
import {
  OrderCancelled,
  OrderTimedOut,
  orders,
  PaymentRequested,
  PaymentTimedOut,
  RefundRequested,
  StockRequested,
  StockReturned,
  transitions,
} from './orders.ts';

const matrix = transitions as unknown as Matrix;
const AT = '2026-01-01T00:00:00.000Z';
const orderTimeout = { id: 'timeout-1', at: '2026-01-01T01:00:00.000Z' };
const paymentTimeout = { id: 'timeout-2', at: '2026-01-01T00:10:00.000Z' };

const inStep = (step: string, more: Partial<SagaItem> = {}): SagaItem => ({
  id: 'o-1',
  step,
  version: 1,
  data: '{"totalMinor":5}',
  timeouts: { 'shop.OrderTimedOut': orderTimeout },
  undo: [],
  history: [],
  correlationId: 'c',
  startedAt: AT,
  updatedAt: AT,
  ...more,
});

function ask(saga: SagaItem | undefined, type: string, own: Partial<Matrix> = {}, id = 'e-1'): Decision {
  const source = id.startsWith('stolen') ? '/consumers/orders' : '/test';
  const data = { orderId: 'o-1', totalMinor: 5, paymentId: 'p' };
  const event = { specversion: '1.0', id, source: '/test', type: `${type}.v1`, data } as const;
  return decide({
    definition: orders,
    matrix: { ...matrix, ...own } as Matrix,
    type,
    event,
    id: 'o-1',
    source,
    saga,
  });
}

const cell = (transition: (event: object, saga: never) => unknown) =>
  ({ paying: { 'shop.PaymentAccepted': transition } }) as unknown as Partial<Matrix>;

describe('what a transition may not do', () => {
  const paying = inStep('paying');
  it.each([
    ['returns a promise', async () => undefined, /PaymentAccepted in 'paying' returned a promise/],
    [
      'rejects',
      () => Promise.reject(new Error('late')),
      /returned a promise; a transition is a plain function/,
    ],
    [
      'goes to an unknown step',
      (_: object, saga: { goTo(s: string): void }) => saga.goTo('packing'),
      /'packing', which is no step of it: reserving, paying/,
    ],
    [
      'goes to what cannot be shown as text',
      (_: object, saga: { goTo(s: unknown): void }) => saga.goTo(Object.create(null)),
      /goes to a value of the type object, which is no step of it: reserving, paying/,
    ],
    [
      'ends in a step',
      (_: object, saga: { end(s: string): void }) => saga.end('reserving'),
      /'reserving', which is no end of it: paid, cancelled/,
    ],
    [
      'goes twice',
      (_: object, saga: { goTo(s: string): void; end(s: string): void }) => {
        saga.goTo('reserving');
        saga.end('paid');
      },
      /goes to 'paid' after it has gone to 'reserving'/,
    ],
    [
      'breaks the schema',
      (_: object, saga: { update(d: object): void }) => saga.update({ totalMinor: 1.5 }),
      /new data breaks its schema: \/data\/totalMinor/,
    ],
    [
      'has data that JSON changes so that it breaks the schema',
      (_: object, saga: { update(d: object): void }) =>
        saga.update({ totalMinor: 5, toJSON: () => ({ totalMinor: 'five' }) }),
      /new data breaks its schema: \/data\/totalMinor/,
    ],
    [
      'has data that is not JSON',
      (_: object, saga: { update(d: object): void }) => saga.update({ totalMinor: 5, paid: 5n }),
      /new data cannot be stored as JSON: \/data\/paid is a bigint/,
    ],
    [
      'has a function for data',
      (_: object, saga: { update(d: unknown): void }) => saga.update(() => 5),
      /new data cannot be stored as JSON: \/data is a function/,
    ],
    [
      'says how it is undone with data that break the contract, at once and not when it is undone',
      (_: object, saga: { onUndo(...given: unknown[]): void }) => saga.onUndo(StockReturned, { orderId: 5 }),
      /undoes a move with shop\.StockReturned, whose data breaks its contract: \/data\/orderId/,
    ],
    [
      'says how it is undone with data that is not JSON',
      (_: object, saga: { onUndo(...given: unknown[]): void }) => saga.onUndo(StockReturned, undefined),
      /the data of shop\.StockReturned cannot be stored as JSON: it is undefined/,
    ],
    [
      'is undone with an event that it does not emit',
      (_: object, saga: { onUndo(...given: unknown[]): void }) =>
        saga.onUndo(OrderTimedOut, { orderId: 'o-1' }),
      /undoes a move with shop\.OrderTimedOut, which its definition does not name under emits/,
    ],
    [
      'sets a time-out that its step does not name',
      (_: object, saga: { goTo(s: string): void; timeout(...given: unknown[]): void }) => {
        saga.goTo('reserving');
        saga.timeout(PaymentTimedOut, { orderId: 'o-1' }, { in: 1 });
      },
      /sets the time-out shop\.PaymentTimedOut, which its definition does not name for 'reserving'/,
    ],
    [
      'sets a time-out and ends',
      (_: object, saga: { end(s: string): void; timeout(...given: unknown[]): void }) => {
        saga.end('paid');
        saga.timeout(PaymentTimedOut, { orderId: 'o-1' }, { in: 1 });
      },
      /PaymentTimedOut and ends in 'paid', where no time-out counts; leave it out/,
    ],
    [
      'sets a time-out for another saga, which never had an effect',
      (_: object, saga: { timeout(...given: unknown[]): void }) =>
        saga.timeout(PaymentTimedOut, { orderId: 'o-2' }, { in: 1 }),
      /saga o-1 sets the time-out shop\.PaymentTimedOut with data of saga o-2; correlate has to give 'o-1'/,
    ],
    [
      'sets a time-out whose data breaks its contract',
      (_: object, saga: { timeout(...given: unknown[]): void }) =>
        saga.timeout(PaymentTimedOut, { orderId: 5 }, { in: 1 }),
      /PaymentTimedOut with data that breaks its contract: \/data\/orderId/,
    ],
  ])('%s', (_, transition, message) => {
    expect(() => ask(paying, 'shop.PaymentAccepted', cell(transition as never))).toThrow(message);
  });

  it('a new saga has to go somewhere', () => {
    const own = { new: { 'shop.OrderPlaced': () => undefined } } as Partial<Matrix>;
    expect(() => ask(undefined, 'shop.OrderPlaced', own)).toThrow(
      /begins no saga; call saga\.goTo or saga\.end/,
    );
  });

  it('a saga that has ended does not leave its end', () => {
    const own = {
      cancelled: {
        'shop.PaymentAccepted': (_: object, saga: { goTo(s: string): void }) => saga.goTo('paying'),
      },
    };
    expect(() => ask(inStep('cancelled'), 'shop.PaymentAccepted', own as unknown as Partial<Matrix>)).toThrow(
      /has ended in 'cancelled' and cannot go to 'paying'/,
    );
  });

  it('what it calls after it has returned has no effect', () => {
    let kept: { emit(...given: unknown[]): void } | undefined;
    ask(
      paying,
      'shop.PaymentAccepted',
      cell((_, saga) => {
        kept = saga;
      }),
    );
    expect(() => kept?.emit(OrderCancelled, {})).toThrow(/after its transition had returned/);
  });
});

it('what a transition does with an object after it has given it to the saga is not stored', () => {
  const move = ask(
    inStep('paying'),
    'shop.PaymentAccepted',
    cell((_, saga: { update(d: object): void }) => {
      const data = { totalMinor: 7 };
      saga.update(data);
      data.totalMinor = 1.5;
    }),
  );
  expect(move).toMatchObject({ data: '{"totalMinor":7}' });
});

describe('an item of another version of the code', () => {
  it('has a step that this one does not know', () => {
    expect(() => ask(inStep('packing'), 'shop.PaymentAccepted')).toThrow(
      expect.objectContaining({
        name: 'UnreadableSagaError',
        message: expect.stringContaining("saga o-1 is in the step 'packing'"),
      }),
    );
  });

  it('has data that this one cannot read', () => {
    expect(() => ask(inStep('paying', { data: '{"total":5}' }), 'shop.PaymentAccepted')).toThrow(
      expect.objectContaining({
        name: 'UnreadableSagaError',
        message: expect.stringContaining('/data/totalMinor'),
      }),
    );
    expect(() => ask(inStep('paying', { data: '{' }), 'shop.PaymentAccepted')).toThrow(/is not JSON/);
  });

  it('undoes with an event that this one does not emit', () => {
    const undo = [{ event: 'shop.Gone', data: {} }];
    expect(() => ask(inStep('paying', { undo }), 'shop.PaymentDeclined')).toThrow(
      /undoes a move with shop\.Gone/,
    );
  });

  it('lacks a cell, because its code was not checked by the compiler', () => {
    expect(() => ask(inStep('paying'), 'shop.Unknown')).toThrow(
      /orders has no transition for shop\.Unknown in 'paying'/,
    );
  });
});

describe('words', () => {
  it.each([
    [undefined, 'shop.PaymentAccepted', 'wait'],
    [undefined, 'shop.PaymentDeclined', 'ignore'],
    ['reserving', 'shop.PaymentAccepted', 'wait'],
    ['paying', 'shop.StockReserved', 'ignore'],
    ['paid', 'shop.PaymentAccepted', 'ignore'],
  ])('in %s, %s is told to %s', (step, type, kind) => {
    expect(ask(step === undefined ? undefined : inStep(step), type)).toEqual({ kind });
  });
});

describe('time-outs', () => {
  const both = { 'shop.OrderTimedOut': orderTimeout, 'shop.PaymentTimedOut': paymentTimeout };

  it('one that the saga has not set has no effect, whatever its step', () => {
    for (const saga of [undefined, inStep('reserving'), inStep('paying'), inStep('paid')])
      expect(ask(saga, 'shop.PaymentTimedOut', {}, 'timeout-2')).toEqual({ kind: 'ignore' });
    expect(ask(inStep('paying', { timeouts: both }), 'shop.PaymentTimedOut', {}, 'an earlier one')).toEqual({
      kind: 'ignore',
    });
  });

  it('one of another sender has no effect, also with the id of the current one', () => {
    const stolen = { ...both, 'shop.PaymentTimedOut': { ...paymentTimeout, id: 'stolen' } };
    expect(ask(inStep('paying', { timeouts: stolen }), 'shop.PaymentTimedOut', {}, 'stolen')).toEqual({
      kind: 'ignore',
    });
  });

  it('the current one moves the saga, is over then, and takes the others with it into an end', () => {
    expect(ask(inStep('paying', { timeouts: both }), 'shop.PaymentTimedOut', {}, 'timeout-2')).toMatchObject({
      step: 'cancelled',
      ended: true,
      kept: {},
      cancelled: ['timeout-1'],
    });
  });

  it('one stays as long as the steps name it', () => {
    expect(ask(inStep('reserving'), 'shop.StockReserved')).toMatchObject({
      step: 'paying',
      kept: { 'shop.OrderTimedOut': orderTimeout },
      cancelled: [],
      set: [{ contract: PaymentTimedOut, data: { orderId: 'o-1' }, when: { in: 600 } }],
    });
  });

  it('one that is set again replaces the earlier one, and of two in one transition the last counts', () => {
    const again = cell((_, saga: { timeout(...given: unknown[]): void }) => {
      saga.timeout(OrderTimedOut, { orderId: 'o-1', n: 1 }, { in: 1 });
      saga.timeout(OrderTimedOut, { orderId: 'o-1', n: 2 }, { in: 2 });
    });
    expect(ask(inStep('paying', { timeouts: both }), 'shop.PaymentAccepted', again)).toMatchObject({
      step: 'paying',
      ended: false,
      kept: { 'shop.PaymentTimedOut': paymentTimeout },
      cancelled: ['timeout-1'],
      set: [{ data: { orderId: 'o-1', n: 2 }, when: { in: 2 } }],
    });
  });
});

describe('a move', () => {
  it('begins a saga', () => {
    expect(ask(undefined, 'shop.OrderPlaced')).toEqual({
      kind: 'move',
      step: 'reserving',
      ended: false,
      data: '{"totalMinor":5}',
      undo: [],
      emitted: [{ contract: StockRequested, data: { orderId: 'o-1' } }],
      set: [{ contract: OrderTimedOut, data: { orderId: 'o-1' }, when: { in: 3600 } }],
      kept: {},
      cancelled: [],
    });
  });

  it('says the same whenever it is asked the same', () => {
    const saga = inStep('reserving');
    expect(ask(saga, 'shop.StockReserved')).toEqual(ask(saga, 'shop.StockReserved'));
    expect(saga).toEqual(inStep('reserving'));
  });

  it('keeps the data as it is stored', () => {
    const data = '{"totalMinor":5,"later":true}';
    const stays = cell(() => undefined);
    expect(ask(inStep('paying', { data }), 'shop.PaymentAccepted', stays)).toMatchObject({ data });
  });

  it('does not change the data in place', () => {
    const changes = cell((_, saga: { data: { totalMinor: number } }) => {
      saga.data.totalMinor = 9;
    });
    expect(() => ask(inStep('paying'), 'shop.PaymentAccepted', changes)).toThrow(
      "Cannot assign to read only property 'totalMinor'",
    );
  });

  it('undoes earlier moves, the last one first and each once', () => {
    const undo = [
      { event: 'shop.StockReturned', data: { n: 1 } },
      { event: 'shop.RefundRequested', data: { n: 2 } },
    ];
    expect(ask(inStep('paying', { undo }), 'shop.PaymentDeclined')).toMatchObject({
      emitted: [
        { contract: RefundRequested, data: { n: 2 } },
        { contract: StockReturned, data: { n: 1 } },
        { contract: OrderCancelled, data: { orderId: 'o-1' } },
      ],
      undo: [],
    });
  });

  it('remembers how it is undone', () => {
    expect(ask(inStep('reserving'), 'shop.StockReserved')).toMatchObject({
      emitted: [{ contract: PaymentRequested, data: { orderId: 'o-1' } }],
      undo: [{ event: 'shop.StockReturned', version: 1, data: { orderId: 'o-1' } }],
    });
  });

  it('in an end answers what comes late, and stays', () => {
    expect(ask(inStep('cancelled'), 'shop.PaymentAccepted')).toMatchObject({
      step: 'cancelled',
      ended: true,
      emitted: [{ contract: RefundRequested, data: { orderId: 'o-1' } }],
    });
  });
});
