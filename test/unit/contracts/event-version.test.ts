import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createVersion } from '../../../lib/contracts/versions/event-version.ts';
import { BrokenContractError, upcastData } from '../../../lib/contracts/versions/upcast.ts';

const throwing = (thrown: unknown): z.ZodType =>
  z.unknown().refine(() => {
    throw thrown;
  });

/** What the code of a contract may throw, and what can be said of it. */
const THROWN: readonly (readonly [string, unknown, string])[] = [
  [
    'an error',
    new TypeError("Cannot read properties of undefined (reading 'sku')"),
    'Cannot read properties',
  ],
  ['a text', 'no', 'threw: no'],
  ['undefined', undefined, 'threw: undefined'],
  ['what has no text', Object.create(null), 'a value that cannot be shown as text'],
  [
    'an error that throws when it is asked',
    Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('no');
      },
    }),
    'a value that cannot be shown as text',
  ],
];

describe('data at which the code of its contract throws', () => {
  it.each(THROWN)('breaks the contract, when it is %s', (_, thrown, said) => {
    const version = createVersion({
      type: 'test.Odd',
      version: 1,
      schema: throwing(thrown),
      links: [],
      internal: false,
    });
    expect(version.check({})).toEqual([{ pointer: '/data', detail: expect.stringContaining(said) }]);
  });

  it.each(THROWN)('cannot be read, when it is %s', (_, thrown, said) => {
    const version = createVersion({
      type: 'test.Odd',
      version: 1,
      schema: throwing(thrown),
      links: [],
      internal: false,
    });
    expect(() => upcastData([{ version }], {})).toThrow(BrokenContractError);
    expect(() => upcastData([{ version }], {})).toThrow(said);
  });

  it('breaks it also when the code is a transform, or asynchronous', () => {
    const transform = z.string().transform((text) => JSON.parse(text));
    const asynchronous = z.string().refine(async () => true);
    for (const schema of [transform, asynchronous]) {
      const version = createVersion({ type: 'test.Odd', version: 1, schema, links: [], internal: false });
      expect(version.check('{')).toMatchObject([{ pointer: '/data' }]);
    }
  });
});
