import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../lib/archive/object-key.ts';
import { createDeduper } from '../../../lib/archive/read/deduper.ts';
import { listObjects } from '../../../lib/archive/read/list-objects.ts';
import { readArchive } from '../../../lib/archive/read/read-archive.ts';
import { createSelection, readWhere, type Wanted } from '../../../lib/archive/read/selection.ts';
import {
  archivedOf,
  eventOf,
  HOUR,
  objectOf,
  storeOf,
  type WrittenObject,
} from '../../apps/archive/archive-objects.ts';

async function read(objects: readonly WrittenObject[], wanted: Partial<Wanted> = {}) {
  const store = storeOf(objects);
  const deduper = createDeduper();
  const selection = createSelection({ from: HOUR, to: HOUR + 24 * HOUR_MS, ...wanted });
  const ids: string[] = [];
  const onProblem = (problem: unknown): void => expect(problem).toBeUndefined();
  for await (const { event } of readArchive(store, { selection, onProblem, deduper })) ids.push(event.id);
  return { ids, opened: store.opened, repeated: deduper.repeated };
}

const at = (hours: number, id: string, event = {}): WrittenObject =>
  objectOf([archivedOf(eventOf({ id, ...event }), HOUR + hours * HOUR_MS)]);

describe('a range of arrival', () => {
  const objects = [-1, 0, 0.5, 1, 30, 31].map((hours) => at(hours, `h${hours}`));

  it('has its beginning and not its end', async () => {
    expect((await read(objects, { to: HOUR + HOUR_MS })).ids).toEqual(['h0', 'h0.5']);
    expect((await read(objects, { from: HOUR + 1, to: HOUR + HOUR_MS + 1 })).ids).toEqual(['h0.5', 'h1']);
  });

  it('opens no object of another hour', async () => {
    expect((await read(objects, { from: HOUR + 30 * HOUR_MS, to: HOUR + 30 * HOUR_MS + 1 })).opened).toEqual([
      objects[4]?.key,
    ]);
  });

  it('ends the listing at the first hour that is over', async () => {
    const store = storeOf(objects);
    const listed: string[] = [];
    const noting = {
      ...store,
      async *list(prefix: string, after?: string) {
        for await (const object of store.list(prefix, after)) {
          listed.push(object.key);
          yield object;
        }
      },
    };
    for await (const object of listObjects(noting, { from: HOUR, to: HOUR + 1 }))
      expect(object).toBeDefined();
    expect(listed).toEqual(objects.slice(1, 4).map(({ key }) => key));
  });

  it('opens no object that was written before it begins, but for clocks that differ', async () => {
    const [early, late] = [10, 20].map((minutes) =>
      objectOf([archivedOf(eventOf({ id: `m${minutes}` }))], HOUR + minutes * 60_000),
    );
    if (!early || !late) throw new Error('there are two');
    const { opened } = await read([early, late], { from: HOUR + 11.5 * 60_000 });
    expect(opened).toEqual([late.key]);
    expect((await read([early, late], { from: HOUR + 10.5 * 60_000 })).opened).toHaveLength(2);
  });

  it('is nothing when it ends before it begins', async () => {
    expect(await read(objects, { from: HOUR + 1, to: HOUR })).toMatchObject({ ids: [], opened: [] });
  });

  it('leaves out what is no object of the archive', async () => {
    const other = { key: 'archive/v1/date=2026-11-27/hour=04/readme', body: Buffer.from('x') };
    expect((await read([...objects, other], { to: HOUR + 1 })).ids).toEqual(['h0']);
  });
});

describe('objects that are opened ahead', () => {
  const objects = Array.from({ length: 8 }, (_, index) => at(index, `h${index}`));
  const selection = createSelection({ from: HOUR, to: HOUR + 24 * HOUR_MS });
  const onProblem = ({ reason }: { reason: string }): never => expect.fail(reason);

  it('are opened again when their connection breaks', async () => {
    const store = storeOf(objects);
    const broken = new Set<string>();
    const breaking = {
      ...store,
      open: async (key: string): Promise<Readable> => {
        if (broken.has(key)) return store.open(key);
        broken.add(key);
        return new Readable({ read: (): void => void 0 }).destroy(new Error('socket hang up'));
      },
    };
    const ids: string[] = [];
    for await (const { event } of readArchive(breaking, { selection, onProblem })) ids.push(event.id);
    expect(ids).toHaveLength(8);
  });

  it('are closed when the reading ends early', async () => {
    const store = storeOf(objects);
    const streams: Readable[] = [];
    const noting = {
      ...store,
      open: async (key: string): Promise<Readable> => {
        const stream = await store.open(key);
        streams.push(stream);
        return stream;
      },
    };
    for await (const { event } of readArchive(noting, { selection, onProblem })) {
      expect(event.id).toBe('h0');
      break;
    }
    expect(streams.length).toBeGreaterThan(1);
    expect(streams.length).toBeLessThan(8);
    expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('are not read when it was stopped', async () => {
    const stopping = new AbortController();
    const ids: string[] = [];
    for await (const { event } of readArchive(storeOf(objects), {
      selection,
      onProblem,
      signal: stopping.signal,
    })) {
      ids.push(event.id);
      stopping.abort();
    }
    expect(ids).toEqual(['h0']);
  });
});

describe('marks in the keys', () => {
  const returned = at(1, 'returned', { type: 'shop.OrderReturned.v2' });
  const erp = at(2, 'erp', { source: '/erp' });
  const objects = [at(0, 'placed'), returned, erp];

  it('leave out objects without the type', async () => {
    const { ids, opened } = await read(objects, { types: ['shop.OrderReturned.v2'] });
    expect(ids).toEqual(['returned']);
    expect(opened).toEqual([returned.key]);
  });

  it('leave out objects without the source', async () => {
    const { ids, opened } = await read(objects, { sources: ['/erp'] });
    expect(ids).toEqual(['erp']);
    expect(opened).toEqual([erp.key]);
  });

  it('leave out nothing for a type without its version, which no mark is of', async () => {
    const { ids, opened } = await read(objects, { types: ['shop.OrderReturned'] });
    expect(ids).toEqual(['returned']);
    expect(opened).toHaveLength(3);
  });

  it('leave out nothing when there are more types than fit into a key', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      archivedOf(eventOf({ id: `e${index}`, type: `shop.Event${index}.v1` }), HOUR),
    );
    expect((await read([objectOf(many)], { types: ['shop.Event7.v1'] })).ids).toEqual(['e7']);
    expect((await read([objectOf(many)], { types: ['shop.Other.v1'] })).opened).toHaveLength(1);
  });
});

describe('a choice of events', () => {
  const object = objectOf([
    archivedOf(eventOf({ id: 'a', subject: 'order-a', data: { country: 'DE' } })),
    archivedOf(eventOf({ id: 'b', correlationid: 'a', data: { country: 'FR' } })),
    archivedOf(eventOf({ id: 'c', type: 'shop.OrderPlaced.v2', data: { country: 'FR', total: 12 } })),
    archivedOf(eventOf({ id: 'd', type: 'shop.OrderPlacedLate.v1', data: undefined }), HOUR, {
      largeData: '{"country":"DE"}',
    }),
  ]);

  it.each<[string, Partial<Wanted>, readonly string[]]>([
    ['a type with its version', { types: ['shop.OrderPlaced.v1'] }, ['a', 'b']],
    ['a type without', { types: ['shop.OrderPlaced'] }, ['a', 'b', 'c']],
    ['several types', { types: ['shop.OrderPlaced.v2', 'shop.OrderPlacedLate'] }, ['c', 'd']],
    ['a source', { sources: ['/none', '/shop/checkout'] }, ['a', 'b', 'c', 'd']],
    ['a subject', { subject: 'order-a' }, ['a']],
    ['an id', { id: 'c' }, ['c']],
    ['a correlation id, and the event that began it', { correlationId: 'a' }, ['a', 'b']],
    ['data', { where: { data: { country: ['FR'] } } }, ['b', 'c']],
    ['large data', { where: { data: { country: ['DE'] } } }, ['a', 'd']],
    ['a comparison', { where: { data: { total: [{ numeric: ['>', 10] }] } } }, ['c']],
    ['all of it', { types: ['shop.OrderPlaced'], where: { data: { country: ['FR'] } }, id: 'b' }, ['b']],
  ])('by %s', async (_, wanted, ids) => {
    expect((await read([object], wanted)).ids).toEqual(ids);
  });

  it.each([
    ['{', 'the filter policy cannot be used: is not valid JSON: '],
    ['{"data":{"id":[9007199254740993]}}', 'the filter policy cannot be used: /data/id/0 '],
    ['{"data":{"shop":["a"]},"data":{"kind":["b"]}}', ': /data is in its object more than once'],
    ['{"data":{"shop":["\\ud83c"]}}', ': /data/shop/0 has a lone surrogate, which is not a character'],
    ['[]', 'is a JSON object'],
    ['{"data":{"country":"DE"}}', "'data.country' must be a list"],
    ['{"data":{"country":[]}}', "'data.country' has no alternatives"],
    ['{"data":{}}', "'data' has no conditions"],
    ['{"data":{"country":[{"is":"DE"}]}}', "'is' is not an operator"],
    ['{"data":{"total":[{"numeric":["more",1]}]}}', 'is not a comparison'],
    ['{"$or":[{"type":["a"]},{"type":"b"}]}', "'$or.type' must be a list"],
  ])('is refused when the policy is %s', (text, reason) => {
    expect(() => readWhere(text)).toThrow(reason);
  });
});

it('a policy has the keys that were typed, whatever was read before', () => {
  // V8 takes the second key for the first: https://github.com/nodejs/node/issues/63785
  readWhere('{"data":{"x":[1],"ab\\\\":[1]}}');
  expect(readWhere('{"data":{"x":[1],"ab\\"":[1]}}')).toEqual({ data: { x: [1], 'ab"': [1] } });
});

describe('messages that are there twice', () => {
  const order = eventOf({ id: 'order-1' });
  const pair = (hours: number, event = order): WrittenObject =>
    objectOf([archivedOf(event, HOUR + hours * HOUR_MS)], undefined, 'b2');

  it('come once, and are counted', async () => {
    const again = objectOf([archivedOf(order)], HOUR + 900_000);
    expect(await read([at(0, 'order-1'), again])).toMatchObject({ ids: ['order-1'], repeated: 1 });
  });

  it.each([
    [1, 1],
    [2, 2],
  ])('are looked for over two hours: %i h later', async (hours, times) => {
    expect((await read([at(0, 'order-1'), pair(hours)])).ids).toHaveLength(times);
  });

  it.each([
    ['another version', { type: 'shop.OrderPlaced.v2' }],
    ['another source', { source: '/erp' }],
    ['other content, which is a conflict', { data: { orderId: 'other' } }],
  ])('are not those with %s', async (_, other) => {
    expect((await read([at(0, 'order-1'), pair(0, { ...order, ...other })])).ids).toHaveLength(2);
  });

  it('are also those that a publisher has sent again later, with another time', async () => {
    const later = { ...order, time: new Date(HOUR + 5).toISOString(), traceparent: '00-1-2-01' };
    expect((await read([at(0, 'order-1'), pair(0, later)])).ids).toHaveLength(1);
  });

  it('are looked for among so many only', () => {
    const deduper = createDeduper(2);
    const isRepeated = (id: string): boolean => deduper.isRepeated(eventOf({ id }), HOUR);
    expect(['a', 'b', 'b', 'c', 'b', 'a'].map(isRepeated)).toEqual([false, false, true, false, true, false]);
    expect(deduper.repeated).toBe(2);
  });
});
