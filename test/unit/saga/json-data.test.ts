import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { readSagaItem, type SagaItem, sagaAttributes } from '../../../lib/contracts/saga/saga-item.ts';
import { readShownSaga } from '../../../lib/ops/saga/shown-saga.ts';
import { type Decision, decide, type Matrix } from '../../../lib/runtime/saga/decide.ts';
import { freeze } from '../../../lib/runtime/saga/frozen.ts';
import { SagaDraft } from '../../../lib/runtime/saga/saga-draft.ts';
import { newState } from '../../../lib/runtime/saga/saga-state.ts';
import { orders } from './orders.ts';

const Noted = defineEvent({
  type: 'shop.Noted',
  version: 1,
  description: 'Anything was noted.',
  data: z.record(z.string(), z.unknown()),
});
const parts = {
  ...orders.saga,
  emits: [Noted],
  timeouts: { paying: [Noted] },
  state: z.record(z.string(), z.unknown()),
  correlate: { 'shop.Noted': () => 'o-1' },
};
const draft = (): SagaDraft => new SagaDraft(parts, { id: 'o-1', step: 'paying', data: {}, undo: [] });

const AT = '2026-01-01T00:00:00.000Z';
const item = (data: string): SagaItem => ({
  id: 'o-1',
  step: 'paying',
  version: 1,
  data,
  timeouts: {},
  undo: [],
  history: [{ at: AT, event: 'shop.OrderPlaced', step: 'paying' }],
  correlationId: 'c',
  startedAt: AT,
  updatedAt: AT,
});

/** What is decided on a saga with this data. */
function move(data: string, transition: (saga: SagaDraft) => void): Decision {
  const matrix: unknown = { paying: { 'shop.Noted': (_: object, saga: SagaDraft) => transition(saga) } };
  return decide({
    definition: { ...orders, saga: { ...parts, timeouts: {} } },
    matrix: matrix as Matrix,
    type: 'shop.Noted',
    event: { specversion: '1.0', id: 'e', source: '/test', type: 'shop.Noted.v1', data: {} },
    id: 'o-1',
    source: '/consumers/orders',
    saga: item(data),
  });
}

/** After such a text, JSON.parse of V8 takes the key `ab"` of another object for this one's `ab\`. */
const confuseV8 = (): unknown => JSON.parse('{"x":1,"ab\\\\":1}');
const data = { x: 1, 'ab"': 1 };
const text = '{"x":1,"ab\\"":1}';

describe('keys with escapes are what they were', () => {
  it('in what a transition gives to emit, timeout and onUndo', () => {
    confuseV8();
    const saga = draft();
    saga.emit(Noted, data);
    saga.timeout(Noted, data, { in: 1 });
    saga.onUndo(Noted, data);
    expect([saga.emitted[0]?.data, saga.timeouts[0]?.data, saga.undoes[0]?.data]).toEqual([data, data, data]);
  });

  it('in the new data of a saga', () => {
    confuseV8();
    expect(newState(parts.state, data)).toEqual({ text, data });
  });

  it('in the data that is read, and in a compensation that is read', () => {
    confuseV8();
    let read: unknown;
    move(text, (saga) => {
      read = saga.data;
    });
    expect(read).toEqual(data);
    const undo = [{ event: 'shop.Noted', version: 1, data }];
    expect(readSagaItem(sagaAttributes({ ...item('{}'), undo })).undo).toEqual(undo);
  });

  it('in what an operator is shown', () => {
    confuseV8();
    expect(readShownSaga('orders', sagaAttributes(item(text)), 0)).toMatchObject({ data });
  });
});

describe('data that is already stored', () => {
  it('is read also when a new move could no longer store it', () => {
    const old = '{"name":"Anna \\ud83c","x":"\uffff"}';
    let read: unknown;
    const decided = move(old, (saga) => {
      read = saga.data;
    });
    expect(read).toEqual({ name: 'Anna \ud83c', x: '\uffff' });
    expect(decided).toMatchObject({ data: old });
  });
});

const itself: Record<string, unknown> = {};
itself.itself = itself;

describe('what JSON would change, a saga refuses as ctx.emit does', () => {
  it.each([
    ['NaN', { n: Number.NaN }, '/data/n is NaN, which JSON does not have'],
    ['a Map', { deep: { m: new Map([[1, 2]]) } }, '/data/deep/m is a Map, which JSON does not have'],
    ['undefined in a list', { list: [undefined] }, '/data/list/0 is a undefined, which JSON does not have'],
    ['a bigint', { n: 5n }, '/data/n is a bigint, which JSON does not have'],
    ['a function', () => 5, '/data is a function, which JSON does not have'],
    ['half an emoji', { name: 'Anna \ud83c' }, '/data/name has a lone surrogate, which is not a character'],
    ['U+FFFF', { x: '\uffff' }, '/data/x has the character U+FFFE or U+FFFF, which SQS does not accept'],
    ['undefined', undefined, 'it is undefined'],
    ['itself', itself, `/data${'/itself'.repeat(7)} is nested deeper than 64 levels`],
  ])('%s', (_, wrong, reason) => {
    const refused = (what: string, say: (saga: SagaDraft) => void): void => {
      const saga = draft();
      expect(() => say(saga)).toThrow(new TypeError(`${what} cannot be stored as JSON: ${reason}`));
      expect([saga.emitted, saga.timeouts, saga.undoes, saga.newState]).toEqual([[], [], [], undefined]);
    };
    refused('the data of the emitted shop.Noted', (saga) => saga.emit(Noted, wrong));
    refused('the data of the time-out shop.Noted', (saga) => saga.timeout(Noted, wrong, { in: 1 }));
    refused('the data of shop.Noted', (saga) => saga.onUndo(Noted, wrong));
    if (wrong !== undefined) refused("the saga's new data", (saga) => saga.update(wrong));
  });

  it('what a schema of the state adds is checked too', () => {
    const endless = z.object({ n: z.number().default(Number.POSITIVE_INFINITY) });
    expect(() => newState(endless, {})).toThrow(
      "the saga's new data cannot be stored as JSON: /data/n is a number that is too large",
    );
  });

  it('a member that is undefined is left out, as in JSON', () => {
    expect(newState(parts.state, { a: undefined, b: 1 }).text).toBe('{"b":1}');
  });

  it('code in the data that throws anything gives an error that says so', () => {
    const odd: unknown = Object.create(null);
    const throws = {
      get n(): number {
        throw odd;
      },
    };
    expect(() => draft().update(throws)).toThrow(
      expect.objectContaining({
        message: "the saga's new data cannot be stored as JSON: a value that cannot be shown as text",
        cause: odd,
      }),
    );
  });
});

it('a value is frozen at every depth, also when it contains itself and is frozen at the top', () => {
  const inner: Record<string, unknown> = { list: [{ n: 1 }] };
  const value = Object.freeze({ inner, nothing: null });
  inner.again = value;
  expect(freeze(value)).toBe(value);
  expect([inner, inner.list, Object(inner.list)[0]].map(Object.isFrozen)).toEqual([true, true, true]);
});

it('a value that has many values twice is frozen in one walk', () => {
  const twice = (depth: number): unknown => {
    const inner = depth === 0 ? {} : twice(depth - 1);
    return Object.freeze([inner, inner]);
  };
  // A walk of each path would take 2 ** 60 steps.
  expect(freeze(twice(60))).toHaveLength(2);
});
