import { describe, expect, it, onTestFinished } from 'vitest';
import type { SagaDefinition } from '../../../lib/contracts/saga/saga-definition.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import { SagaDraft } from '../../../lib/runtime/saga/saga-draft.ts';
import { sagaIdOf } from '../../../lib/runtime/saga/saga-key.ts';
import { OrderTimedOut, orders } from './orders.ts';

/** A saga whose code was not checked by the compiler. */
const giving = (key: () => unknown): SagaDefinition =>
  ({
    ...orders,
    saga: { ...orders.saga, correlate: { 'shop.OrderPlaced': key, 'shop.OrderTimedOut': key } },
  }) as unknown as SagaDefinition;
const keyOf = (key: unknown): string =>
  sagaIdOf(
    giving(() => key),
    'shop.OrderPlaced',
    {},
  );

/** Rejections that nobody handles until the test ends. They would end the process in Lambda. */
function unhandledRejections(): unknown[] {
  const unhandled: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const one of others) process.on('unhandledRejection', one);
  });
  return unhandled;
}

describe('the key of a saga', () => {
  it('is what correlate gives', () => {
    expect(sagaIdOf(orders, 'shop.OrderPlaced', { orderId: 'o-1' })).toBe('o-1');
    expect(keyOf('x'.repeat(1_024))).toBe('x'.repeat(1_024));
    expect(keyOf('Anna \u{1F384}\t\u0000')).toBe('Anna \u{1F384}\t\u0000');
  });

  it.each([
    ['an empty text', '', 'a text of 0 bytes'],
    ['a text that is too long', `${'x'.repeat(1_023)}ü`, 'a text of 1025 bytes'],
    ['a number', 5, 'number'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('k'), 'symbol'],
    ['an object without a prototype', Object.create(null) as unknown, 'object'],
  ])('is refused for good when it is %s', (_, key, shown) => {
    expect(() => keyOf(key)).toThrow(
      new PermanentError(
        `the shop.OrderPlaced names no saga of orders: correlate gives ${shown}, and a key has 1 to 1024 bytes`,
      ),
    );
  });

  it.each([
    ['half an emoji', 'Anna \ud83c'],
    ['the other half of an emoji', '\udf84 Anna'],
    ['U+FFFE', 'a\ufffe'],
    ['U+FFFF', '\uffff'],
  ])('is refused for good when it has %s, which DynamoDB and SQS would not keep', (_, key) => {
    expect(() => keyOf(key)).toThrow(
      new PermanentError(
        'the shop.OrderPlaced names no saga of orders: correlate gives a text with half a character, U+FFFE or U+FFFF; a key has whole characters, so cut texts at code points',
      ),
    );
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no key'))],
    ['resolves', async () => 'o-1'],
  ])('is refused for good when it is a promise that %s, and no rejection stays unhandled', async (_, key) => {
    const unhandled = unhandledRejections();
    expect(() => sagaIdOf(giving(key), 'shop.OrderPlaced', {})).toThrow(
      new PermanentError(
        'the shop.OrderPlaced names no saga of orders: correlate gives a promise, and a key is a text; write correlate without async',
      ),
    );
    const draft = new SagaDraft(giving(key).saga, { id: 'o-1', step: 'paying', data: {}, undo: [] });
    expect(() => draft.timeout(OrderTimedOut, { orderId: 'o-1' }, { in: 1 })).toThrow('data of no saga');
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});
