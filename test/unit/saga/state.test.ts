import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { SagaParts } from '../../../lib/contracts/saga/saga-definition.ts';
import type { SagaItem } from '../../../lib/contracts/saga/saga-item.ts';
import { type Decision, decide, type Matrix } from '../../../lib/runtime/saga/decide.ts';
import type { SagaDraft } from '../../../lib/runtime/saga/saga-draft.ts';
import { newState } from '../../../lib/runtime/saga/saga-state.ts';
import { orders, StockReturned } from './orders.ts';

const AT = '2026-01-01T00:00:00.000Z';
const item = (data: string): SagaItem => ({
  id: 'o-1',
  step: 'paying',
  version: 1,
  data,
  timeouts: {},
  undo: [],
  history: [],
  correlationId: 'c',
  startedAt: AT,
  updatedAt: AT,
});

/** What is decided on a saga with this state. */
function move(
  state: z.ZodType,
  transition: (saga: SagaDraft) => unknown,
  data = '{"n":1,"list":["a"]}',
): Decision {
  const matrix: unknown = {
    paying: { 'shop.PaymentAccepted': (_: object, saga: SagaDraft) => transition(saga) },
  };
  const parts: SagaParts = { ...orders.saga, state };
  return decide({
    definition: { ...orders, saga: parts },
    matrix: matrix as Matrix,
    type: 'shop.PaymentAccepted',
    event: { specversion: '1.0', id: 'e', source: '/test', type: 'shop.PaymentAccepted.v1', data: {} },
    id: 'o-1',
    source: '/consumers/orders',
    saga: item(data),
  });
}

const plain = z.object({ n: z.int(), list: z.array(z.string()).default([]) });

describe('what is stored', () => {
  it('is what the schema returns: without members that it leaves out, and with its defaults', () => {
    const given = { n: 2, card: '4111' };
    expect(move(plain, (saga) => saga.goTo('reserving', given))).toMatchObject({ data: '{"n":2,"list":[]}' });
  });

  it('is not changed again by the schema that reads it', () => {
    const doubled = z.object({ n: z.preprocess((n) => Number(n) * 2, z.number()) });
    expect(() => move(doubled, (saga) => saga.update({ n: 1 }), '{"n":0}')).toThrow(
      new TypeError(
        "the schema of the saga's data changes what it has returned: /data/n is another value when it is read; it reads the data at each move, so convert in the transition instead",
      ),
    );
    const refused = z.object({ n: z.preprocess((n) => `${n}!`, z.string().max(2)) });
    expect(() => move(refused, (saga) => saga.update({ n: '1' }), '{"n":""}')).toThrow(
      /changes what it has returned: it is refused when it is read: \/data\/n/,
    );
  });

  it('is named by a pointer when the schema changes it, and not shown', () => {
    const changes = (state: z.ZodType, data: object): string => {
      try {
        newState(state, data);
      } catch (error) {
        return String(error).replace(/^.* has returned: (.*); it reads .*$/s, '$1');
      }
      return 'it is taken';
    };
    const text = z.preprocess((name) => (name === undefined ? name : `${name}!`), z.string().optional());
    const list = z.object({ people: z.array(z.object({ 'first/name': text })).optional() });
    const people = [{}, { 'first/name': `Erika, IBAN DE02 ${'x'.repeat(162)}\u{1F384}` }];
    expect(changes(list, { people })).toBe('/data/people/1/first~1name is another value when it is read');
    expect(changes(list, { people: [{}] })).toBe('it is taken');
    const grows = z.preprocess((all) => [...(all as []), { n: 1 }], z.array(z.unknown()));
    expect(changes(z.object({ grows }), { grows: [] })).toBe(
      '/data/grows/1 is another value when it is read',
    );
    const moved = z.preprocess(
      (all) => Object.fromEntries(Object.entries(Object(all)).toReversed()),
      z.any(),
    );
    expect(changes(z.object({ moved }), { moved: { a: 1, b: 2 } })).toBe(
      '/data/moved is another value when it is read',
    );
    const nothing = z.preprocess((all) => (all === null ? 0 : null), z.any());
    expect(changes(z.object({ nothing }), { nothing: 1 })).toBe(
      '/data/nothing is another value when it is read',
    );
  });

  it('is what was given, also when the object changes afterwards', () => {
    const given = { n: 2, list: ['a'] };
    const undo = { orderId: 'o-1' };
    expect(
      move(plain, (saga) => {
        saga.update(given);
        saga.onUndo(StockReturned, undo);
        saga.emit(StockReturned, undo);
        saga.timeout(StockReturned, undo, { in: 1 });
        saga.timeouts.pop();
        Object.assign(given, { n: 'many' });
        undo.orderId = 'o-2';
      }),
    ).toMatchObject({
      data: '{"n":2,"list":["a"]}',
      undo: [{ data: { orderId: 'o-1' } }],
      emitted: [{ data: { orderId: 'o-1' } }],
    });
  });
});

describe('saga.data', () => {
  it('follows what the transition has said', () => {
    const twice = (saga: SagaDraft): void => {
      for (let time = 0; time < 2; time++) saga.update({ n: Number(Object(saga.data).n) + 1 });
    };
    expect(move(plain, twice)).toMatchObject({ data: '{"n":3,"list":[]}' });
    const gone = (saga: SagaDraft): void => {
      saga.goTo('reserving', { n: 5 });
      saga.emit(StockReturned, saga.data);
    };
    expect(move(plain, gone)).toMatchObject({ emitted: [{ data: { n: 5, list: [] } }] });
  });

  it('cannot be changed in place, which would be lost', () => {
    const lost = 'Cannot add property 1, object is not extensible';
    expect(() => move(plain, (saga) => Object(saga.data).list.push('x'))).toThrow(lost);
    expect(() =>
      move(plain, (saga) => {
        saga.update({ n: 1, list: ['b'] });
        Object(saga.data).list.push('x');
      }),
    ).toThrow(lost);
  });
});
