import { describe, expect, it } from 'vitest';
import { reasonOf, toError } from '../../../lib/contracts/text/error-reason.ts';

const unreadable = new Proxy(
  {},
  {
    getPrototypeOf: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
  },
);

describe('whatever was thrown is an Error', () => {
  it('that is the same when it was one', () => {
    const error = new TypeError('gone');
    expect(toError(error)).toBe(error);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'gone', `the handler threw the text 'gone'`],
    ['nothing', undefined, 'the handler threw undefined'],
    ['null', null, 'the handler threw null'],
    ['a number', 7, 'the handler threw 7'],
    ['a symbol', Symbol('s'), 'the handler threw Symbol(s)'],
    [
      'an object',
      { a: 'secret', b: 1 },
      'the handler threw an object that is not an Error, with the keys a, b',
    ],
    ['an empty object', {}, 'the handler threw an object that is not an Error, with the keys (none)'],
    [
      'an object without a prototype',
      Object.create(null),
      'the handler threw an object that is not an Error, with the keys (none)',
    ],
    ['a function', Object.assign(() => 1, { toString: 1 }), 'the handler threw function'],
    ['a proxy that throws', unreadable, 'the handler threw an object that cannot be read'],
    [
      'a proxy of a function that throws',
      new Proxy(() => 1, {
        getPrototypeOf: () => {
          throw new Error('no');
        },
      }),
      'the handler threw function () { [native code] }',
    ],
    [
      'a proxy of an Error, which may throw later',
      new Proxy(new Error('gone'), {}),
      'the handler threw an object that is not an Error, with the keys (none)',
    ],
    [
      'an object with a proxy for its prototype',
      Object.create(new Proxy(new Error('gone'), {})),
      'the handler threw an object that is not an Error, with the keys (none)',
    ],
  ])('that names its kind, but not what is in it: %s', (_, thrown, message) => {
    expect(reasonOf(toError(thrown))).toEqual({ name: 'ThrownValueError', message });
  });
});

describe('the reason of an Error is two texts', () => {
  const withName = (name: unknown) => Object.defineProperty(new Error('gone'), 'name', { value: name });
  const withMessage = (message: object) => Object.defineProperty(new Error(), 'message', message);

  it.each<[string, Error, object]>([
    ['its own', new RangeError('gone'), { name: 'RangeError', message: 'gone' }],
    ['an empty message is one', new Error(''), { name: 'Error', message: '' }],
    ['an empty name is none', withName(''), { name: 'Error', message: 'gone' }],
    ['a name that is no text', withName(7), { name: '7', message: 'gone' }],
    ['a name that cannot be one', withName(Object.create(null)), { name: 'Error', message: 'gone' }],
    ['a message that is no text', withMessage({ value: 7 }), { name: 'Error', message: '7' }],
    [
      'a message that throws',
      withMessage({
        get: () => {
          throw new Error('no');
        },
      }),
      { name: 'Error', message: 'the error cannot be read: reading it throws' },
    ],
  ])('%s', (_, error, reason) => {
    expect(reasonOf(error)).toEqual(reason);
  });
});
