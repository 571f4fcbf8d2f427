import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { type DataOf, defineEvent } from '../../../lib/contracts/define-event.ts';
import { BrokenContractError } from '../../../lib/contracts/versions/upcast.ts';

const first = z.object({ orderId: z.string(), total: z.number() });
const second = z.object({ orderId: z.string(), totalMinor: z.int() });
const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 3,
  description: 'An order.',
  data: z.object({ orderId: z.string(), totalMinor: z.int(), channel: z.enum(['web', 'store']) }),
  earlier: [
    {
      version: 1,
      data: first,
      upcast: ({ orderId, total }) => ({ orderId, totalMinor: total * 100 }),
    },
    {
      version: 2,
      data: second,
      upcast: (data) => {
        if (data.totalMinor < 0) throw new RangeError('a negative total');
        return { ...data, channel: 'web' };
      },
    },
  ],
});

const define = ([version = 0, ...earlier]: readonly number[]) => {
  const data = z.object({});
  const upcast = (): never => expect.fail('nothing is read here');
  return defineEvent({
    type: 'shop.OrderPlaced',
    version,
    description: '',
    data,
    earlier: earlier.map((one) => ({ version: one, data, upcast })),
  });
};

describe('a contract with earlier versions', () => {
  it.each([
    ['a gap before the newest', [4, 1, 2]],
    ['a gap between earlier ones', [4, 1, 3]],
    ['the newest first', [3, 2, 1]],
    ['a version twice', [3, 2, 2]],
    ['a version after the newest', [1, 2]],
  ] as const)('refuses %s', (_, versions) => {
    expect(() => define(versions)).toThrow(/the versions of shop.OrderPlaced are .*; list the earlier/);
  });

  it('refuses a version that is no whole number', () => {
    expect(() => define([1, 0])).toThrow('version of shop.OrderPlaced must be an integer from 1, got 0');
  });

  it('may begin with any version: those that nobody sends any more can be dropped', () => {
    expect(define([4, 2, 3]).versions.map(({ version }) => version)).toEqual([2, 3, 4]);
  });

  it('knows its versions, oldest first, and is itself the newest', () => {
    expect(OrderPlaced.versions.map(({ versionedType }) => versionedType)).toEqual([
      'shop.OrderPlaced.v1',
      'shop.OrderPlaced.v2',
      'shop.OrderPlaced.v3',
    ]);
    expect(OrderPlaced.versions[0]?.schema).toBe(first);
    expect(OrderPlaced.versions.at(-1)?.schema).toBe(OrderPlaced.schema);
    expect(OrderPlaced.versionedType).toBe('shop.OrderPlaced.v3');
  });

  it('reads every version as the newest, step by step', () => {
    const newest = { orderId: '1', totalMinor: 500, channel: 'web' };
    expect(OrderPlaced.upcast(1, { orderId: '1', total: 5 })).toEqual(newest);
    expect(OrderPlaced.upcast(2, { orderId: '1', totalMinor: 500 })).toEqual(newest);
    expect(OrderPlaced.upcast(3, { ...newest, channel: 'store' })).toEqual({ ...newest, channel: 'store' });
  });

  it('checks what arrives against its own version before any upcast sees it', () => {
    expect(() => OrderPlaced.upcast(2, { orderId: '1', totalMinor: 'x' })).toThrow(
      new BrokenContractError(
        'the data of shop.OrderPlaced.v2 breaks its contract: /data/totalMinor Invalid input: expected number, received string',
      ),
    );
  });

  it('names the upcast whose result breaks the next version', () => {
    expect(() => OrderPlaced.upcast(1, { orderId: '1', total: 0.001 })).toThrow(
      /^the upcast of shop.OrderPlaced.v1 to v2 breaks the contract of v2: \/data\/totalMinor /,
    );
  });

  it('names the upcast that throws, and keeps what it threw', () => {
    const negative = () => OrderPlaced.upcast(1, { orderId: '1', total: -1 });
    expect(negative).toThrow('the upcast of shop.OrderPlaced.v2 to v3 threw: a negative total');
    expect(negative).toThrow(expect.objectContaining({ cause: new RangeError('a negative total') }));
  });

  it('refuses to read a version that it does not know', () => {
    expect(() => OrderPlaced.upcast(4, {})).toThrow('shop.OrderPlaced has the versions 1, 2, 3, not 4');
  });

  it('is typed: an upcast gets the data of its version and has to yield that of the next', () => {
    expectTypeOf<DataOf<typeof OrderPlaced>['channel']>().toEqualTypeOf<'web' | 'store'>();
    const rest = { type: 'shop.A', version: 2, description: '', data: second } as const;
    // @ts-expect-error the upcast leaves the total out
    defineEvent({ ...rest, earlier: [{ version: 1, data: first, upcast: ({ orderId }) => ({ orderId }) }] });
    defineEvent({
      ...rest,
      // @ts-expect-error the first version has no totalMinor
      earlier: [{ version: 1, data: first, upcast: (data) => ({ ...data, totalMinor: data.totalMinor }) }],
    });
    const channels = { ...rest, data: z.object({ channel: z.enum(['web', 'store']) }) };
    // @ts-expect-error mail is no channel
    defineEvent({ ...channels, earlier: [{ version: 1, data: first, upcast: () => ({ channel: 'mail' }) }] });
  });
});

describe('an upcast that returns no data, but a promise of it', () => {
  // All of the newest version may be missing, so that a promise, which has none of it, would keep the contract.
  const versions = (upcast: () => object) =>
    defineEvent({
      type: 'shop.OrderPlaced',
      version: 2,
      description: 'An order.',
      data: z.object({ orderId: z.string().optional() }),
      earlier: [{ version: 1, data: z.object({}), upcast }],
    });

  it.each<[string, () => object]>([
    ['async', async () => ({ orderId: '1' })],
    [
      'a generator',
      function* () {
        yield { orderId: '1' };
      },
    ],
    [
      'an async generator',
      async function* () {
        yield { orderId: '1' };
      },
    ],
  ])('is refused when the event is defined, if it is %s', (_, upcast) => {
    expect(() => versions(upcast)).toThrow(
      /^the upcast of shop.OrderPlaced.v1 is not a plain function .* write it without async and \*$/,
    );
  });

  /** Not written out, so that nobody waits for such an object by mistake. */
  const THEN = 'then';
  const message = 'the upcast of shop.OrderPlaced.v1 to v2 returned a promise';

  it.each<[string, () => object]>([
    ['a promise', () => Promise.resolve({ orderId: '1' })],
    ['an object with a then', () => ({ orderId: '1', [THEN]: () => undefined })],
    ['a promise that fails, which would end the process', () => Promise.reject(new Error('late'))],
  ])('is an unreadable event when it returns %s', (_, upcast) => {
    const contract = versions(upcast);
    expect(() => contract.upcast(1, {})).toThrow(BrokenContractError);
    expect(() => contract.upcast(1, {})).toThrow(message);
  });

  it('tells what threw when the result cannot be looked at', () => {
    const hostile = {
      get [THEN]() {
        throw new Error('no');
      },
    };
    expect(() => versions(() => hostile).upcast(1, {})).toThrow(
      'the upcast of shop.OrderPlaced.v1 to v2 threw: no',
    );
  });

  it('is data when it only has a field named then', () => {
    const contract = defineEvent({
      type: 'shop.OrderPlaced',
      version: 2,
      description: 'An order.',
      data: z.object({ [THEN]: z.string() }),
      earlier: [{ version: 1, data: z.object({}), upcast: () => ({ [THEN]: 'later' }) }],
    });
    expect(contract.upcast(1, {})).toEqual({ [THEN]: 'later' });
  });
});

describe('a catalog', () => {
  const FirstOrderPlaced = defineEvent({
    type: 'shop.OrderPlaced',
    version: 1,
    description: 'An order, for those who still publish it.',
    data: first,
  });

  it('knows every version, each with its own check', () => {
    const catalog = createCatalog([OrderPlaced]);
    expect([...catalog.keys()].toSorted()).toEqual(
      OrderPlaced.versions.map(({ versionedType }) => versionedType),
    );
    expect(catalog.get('shop.OrderPlaced.v1')?.check({ orderId: '1', total: 5 })).toEqual([]);
    expect(catalog.get('shop.OrderPlaced.v2')?.check({ orderId: '1', total: 5 })).toHaveLength(1);
  });

  it('takes an older version that is also a contract of its own', () => {
    expect(createCatalog([OrderPlaced, FirstOrderPlaced]).size).toBe(3);
    expect(createCatalog([FirstOrderPlaced, OrderPlaced]).size).toBe(3);
  });

  it('refuses two contracts that disagree about a version', () => {
    const Other = defineEvent({ type: 'shop.OrderPlaced', version: 1, description: '', data: z.object({}) });
    expect(() => createCatalog([Other, OrderPlaced])).toThrow(
      'shop.OrderPlaced.v1 is defined twice with different data',
    );
  });
});
