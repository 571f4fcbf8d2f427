import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { type DataOf, defineEvent, type EventOf } from '../../../lib/contracts/define-event.ts';
import { nameBasedUuid, uuidV5 } from '../../../lib/contracts/uuid-v5.ts';

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'An order.',
  data: z.object({ orderId: z.string(), lines: z.array(z.object({ sku: z.string() })) }),
});

describe('defineEvent', () => {
  it.each([
    'OrderPlaced',
    'shop.orderPlaced',
    'Shop.OrderPlaced',
    'shop.Order-Placed',
    'shop.OrderPlaced.v1',
  ])('refuses the type %s', (type) => {
    expect(() => defineEvent({ type, version: 1, description: '', data: z.string() })).toThrow(
      /domain.PastTenseName/,
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the version %s', (version) => {
    expect(() => defineEvent({ type: 'shop.A', version, description: '', data: z.string() })).toThrow(
      /an integer from 1/,
    );
  });

  it('names the versioned type', () => {
    expect(OrderPlaced.versionedType).toBe('shop.OrderPlaced.v2');
  });

  it('points to every mistake in the data', () => {
    const pointers = OrderPlaced.check({ lines: [{ sku: 'a' }, { sku: 1 }] }).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/data/orderId', '/data/lines/1/sku']);
  });

  it('finds nothing wrong with data that keeps the contract', () => {
    expect(OrderPlaced.check({ orderId: '1', lines: [] })).toEqual([]);
  });

  it('gives the data its type', () => {
    expectTypeOf<DataOf<typeof OrderPlaced>>().toEqualTypeOf<{ orderId: string; lines: { sku: string }[] }>();
    expectTypeOf<EventOf<typeof OrderPlaced>['data']['orderId']>().toEqualTypeOf<string>();
  });

  it('lets an event carry a link in the place of its data, and says so in its type', () => {
    const links = ['https://archive.example.com/reports/', 'http://127.0.0.1:8080/'];
    const ReportArchived = defineEvent({ ...report, links });
    expect(ReportArchived.versions[0]?.links).toEqual(links);
    type Archived = EventOf<typeof ReportArchived>;
    expectTypeOf<Archived['data']>().toEqualTypeOf<{ text: string } | undefined>();
    expectTypeOf<ReturnType<Archived['resolve']>>().toEqualTypeOf<Promise<{ text: string }>>();
  });

  it.each([
    'archive.example.com',
    'http://archive.example.com',
    'https://archive.example.com',
    'https://archive.example.com/reports',
    'https://archive.example.com/reports/?year=2026',
    'https://archive.example.com/reports//',
    'https://archive.example.com/reports/../',
    'https://archive.example.com/re%2fports/',
    'https://archive.example.com./',
    'https://archive.example.com:443/',
    'https://Archive.example.com/',
    'https://ada:secret@archive.example.com/',
    'https://169.254.169.254/latest/',
    'https://0.0.0.0/',
    'https://127.1/',
    'https://127.0.0.2/',
    'https://[::ffff:7f00:1]/',
    'https://[fe80::1]/',
    'https://evil.localhost/',
    'blob:https://archive.example.com/',
    'file:///etc/',
  ])('refuses to link to %s, which is no host with a path as everybody reads it', (link) => {
    expect(() => defineEvent({ ...report, links: [link] })).toThrow(/write a host and a path/);
  });
});

const report = {
  type: 'office.ReportArchived',
  version: 1,
  description: 'A report is in the archive.',
  data: z.object({ text: z.string() }),
} as const;

it('refuses a catalog in which a type is defined twice', () => {
  expect(() => createCatalog([OrderPlaced, OrderPlaced])).toThrow('shop.OrderPlaced.v2 is defined twice');
});

describe('defineConsumer', () => {
  const props = { name: 'gift-cards', description: 'Sends gift cards.', listensTo: [OrderPlaced] };

  it.each(['GiftCards', 'gift_cards', '-gift', 'gift--cards', ''])('refuses the name %s', (name) => {
    expect(() => defineConsumer({ ...props, name })).toThrow(/kebab-case/);
  });

  it.each(['gift-cards', 'gift cards', '2nd', ''])('refuses a table whose role is %j', (role) => {
    const tables = { [role]: { partitionKey: 'id' } };
    expect(() => defineConsumer({ ...props, tables })).toThrow(/role/);
  });

  it.each(['Refuse', 'never', ''])('refuses replay: %j', (replay) => {
    // As of a definition in JavaScript.
    const wrong = { ...props, replay: replay as 'refuse' };
    expect(() => defineConsumer(wrong)).toThrow(/'gift-cards' has replay: '.*'; it is 'allow' or 'refuse'/);
  });

  it.each(['start', 'Beginning', '2026-01-31', '2026-01-31T12:00:00', ''])(
    'refuses to start from %j',
    (startFrom) => {
      expect(() => defineConsumer({ ...props, startFrom })).toThrow(
        /'gift-cards' has startFrom: .* RFC 3339 time/,
      );
    },
  );

  it('starts now and lets itself be replayed, unless it says otherwise', () => {
    expect(defineConsumer(props)).toMatchObject({ startFrom: 'now', replay: 'allow' });
    const other = { startFrom: '2026-01-31T12:00:00+01:00', replay: 'refuse' } as const;
    expect(defineConsumer({ ...props, ...other })).toMatchObject(other);
  });

  it('refuses a consumer that listens to nothing', () => {
    expect(() => defineConsumer({ ...props, listensTo: [] })).toThrow(/listens to nothing/);
  });

  describe('refuses two contracts of one type, of which only one could read what arrives', () => {
    const data = z.object({ orderId: z.string() });
    const first = defineEvent({ type: 'shop.OrderMoved', version: 1, description: 'Moved.', data });
    const second = defineEvent({ type: 'shop.OrderMoved', version: 2, description: 'Moved.', data });
    const both = defineEvent({
      type: 'shop.OrderMoved',
      version: 2,
      description: 'Moved.',
      data,
      earlier: [{ version: 1, data, upcast: (old) => old }],
    });
    const consumer = "consumer 'gift-cards' listens to";

    it.each([
      ['two versions', [first, second], `${consumer} shop.OrderMoved.v1 and to shop.OrderMoved.v2; listen`],
      ['two versions, of which one reads the other', [both, first], 'v2 and to shop.OrderMoved.v1; listen'],
      ['the same twice', [second, second], `${consumer} shop.OrderMoved.v2 twice; name it once`],
      ['the same version twice', [second, both], `${consumer} shop.OrderMoved.v2 twice; name it once`],
    ])('%s', (_, listensTo, message) => {
      expect(() => defineConsumer({ ...props, listensTo: [OrderPlaced, ...listensTo] })).toThrow(message);
    });
  });

  it('fills in what is not said, a part of the retry policy too', () => {
    expect(defineConsumer({ ...props, retry: { maxAttempts: 3 } })).toMatchObject({
      effects: 'claim',
      emits: [],
      tables: {},
      batchSize: 10,
      retry: { maxAttempts: 3, firstDelaySeconds: 2, maxDelaySeconds: 900 },
    });
  });

  it.each([0, -1, 0.004, 1_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a rate limit of %s per second',
    (perSecond) => {
      expect(() => defineConsumer({ ...props, rateLimit: { perSecond } })).toThrow(
        `rateLimit.perSecond is ${perSecond}; set it to a number from 0.005 to 1000`,
      );
    },
  );

  it.each([
    [5, { maxConcurrency: 2, batchSize: 10 }],
    [1, { maxConcurrency: 2, batchSize: 6 }],
    [0.1, { maxConcurrency: 2, batchSize: 1 }],
  ])(
    'with a rate limit of %s per second, takes as much at once as it has time for',
    (perSecond, expected) => {
      expect(defineConsumer({ ...props, rateLimit: { perSecond } })).toMatchObject(expected);
    },
  );

  const form = 'write breaker: false, or { after: 5, probeEverySeconds: 30 } with one of them or both';
  it.each<[unknown, string]>([
    [true, `: true; ${form}`],
    [5, `: 5; ${form}`],
    [null, `: null; ${form}`],
    ['no', `: 'no'; ${form}`],
    [[], `: a list; ${form}`],
    [{ probeEvery: 5 }, `.probeEvery, which no breaker has; ${form}`],
    [{ toString: 5 }, `.toString, which no breaker has; ${form}`],
    [{ after: '5' }, ".after: '5'; set it to an integer from 1 to 100, or breaker: false"],
    [{ after: 101 }, '.after: 101; set it to an integer from 1 to 100, or breaker: false'],
    [
      { probeEverySeconds: 0 },
      '.probeEverySeconds: 0; set it to an integer from 1 to 900, or breaker: false',
    ],
  ])('refuses the breaker %j', (breaker, reason) => {
    // As of a definition in JavaScript.
    const wrong = { ...props, breaker: breaker as false };
    expect(() => defineConsumer(wrong)).toThrow(new TypeError(`consumer 'gift-cards' has breaker${reason}`));
  });

  it.each([undefined, false, {}, { after: 1 }, { after: 100, probeEverySeconds: 900 }] as const)(
    'takes the breaker %j',
    (breaker) => {
      expect(defineConsumer({ ...props, breaker }).breaker).toEqual(breaker);
    },
  );

  it('leaves what is said beside a rate limit as it is', () => {
    const said = { rateLimit: { perSecond: 1 }, maxConcurrency: 4, batchSize: 9 };
    expect(defineConsumer({ ...props, ...said })).toMatchObject(said);
  });
});

describe('uuidV5', () => {
  it('is a UUID of version 5 and the RFC variant', () => {
    expect(uuidV5('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('gives what RFC 9562 publishes as its example', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(nameBasedUuid(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is always the same for the same parts, and another for others', () => {
    expect(uuidV5('a', 'bc')).toBe(uuidV5('a', 'bc'));
    expect(uuidV5('a', 'bc')).not.toBe(uuidV5('ab', 'c'));
  });

  it('does not change between versions of this code: events that are being retried keep their ids', () => {
    expect(uuidV5('inventory', '/shop|1', '0')).toBe('b21a5acc-0371-5028-a866-fcecdf493fe7');
  });
});
