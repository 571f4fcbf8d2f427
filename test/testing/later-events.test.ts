import { defineConsumer, defineEvent } from 'fanfare/contracts';
import { type Handlers, putItem } from 'fanfare/runtime';
import { simulate, testConsumer } from 'fanfare/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const data = z.object({ orderId: z.string() });
const define = (type: string) => defineEvent({ type, version: 1, description: 'It happened.', data });
const OrderPlaced = define('later.OrderPlaced');
const PaymentReceived = define('later.PaymentReceived');
const PaymentTimedOut = define('later.PaymentTimedOut');

const props = {
  name: 'orders',
  description: 'Waits for payments.',
  listensTo: [OrderPlaced, PaymentReceived],
  emits: [PaymentTimedOut],
  effects: 'commit',
  tables: { orders: { partitionKey: 'orderId' } },
} as const;
const orders = defineConsumer({ ...props, emitsLater: true });
const handlers: Handlers<typeof orders> = {
  'later.OrderPlaced': async ({ data }, ctx) => {
    const { id } = ctx.emit(PaymentTimedOut, data, { in: 3_600, key: data.orderId });
    await ctx.commit([putItem(ctx.tables.orders, { ...data, timeout: id })]);
  },
  'later.PaymentReceived': async ({ data }, ctx) => {
    ctx.cancel(data.orderId);
    await ctx.commit([]);
  },
};
const HALF = 'a💥b'.slice(0, 2);
const placed = { type: 'later.OrderPlaced' as const, data: { orderId: 'o1' } };

it('an event that comes later is emitted with its time, and a cancellation has its key', async () => {
  const consumer = testConsumer(orders, handlers);
  const first = await consumer.receive(placed, { times: 2 });
  expect(first.outcomes).toEqual(['completed', 'duplicate']);
  expect(first.emitted).toMatchObject([
    { type: 'later.PaymentTimedOut.v1', deliverat: expect.stringMatching(/^2026-01-01T01:00:0/) },
  ]);
  expect(first.effects).toMatchObject([{ item: { timeout: first.emitted[0]?.id } }]);
  const paid = await consumer.receive({ type: 'later.PaymentReceived', data: { orderId: 'o1' } });
  expect([paid.outcome, paid.emitted, paid.cancelled]).toEqual(['completed', [], ['o1']]);
});

it('an event with a key may be nested as deep as every other', async () => {
  const Nested = defineEvent({
    type: 'later.Nested',
    version: 1,
    description: 'It happened.',
    data: z.unknown(),
  });
  const deep = defineConsumer({ ...props, emits: [Nested], emitsLater: true });
  // The object of the event is the first of its 64 levels.
  const nested: unknown = JSON.parse('['.repeat(63) + ']'.repeat(63));
  const consumer = testConsumer(deep, {
    'later.OrderPlaced': async (_: unknown, ctx: Parameters<Handlers<typeof deep>['later.OrderPlaced']>[1]) =>
      void ctx.emit(Nested, nested, { in: 1, key: 'k' }),
    'later.PaymentReceived': async () => undefined,
  });
  const { outcome, emitted } = await consumer.receive(placed);
  expect([outcome, emitted.length]).toEqual(['completed', 1]);
});

it('handlers that emit for later and cancel pass the simulation', async () => {
  const { crashes } = await simulate(orders, handlers, { seeds: 20 });
  expect(crashes).toBeGreaterThan(0);
});

describe('a handler fails', () => {
  const use = async (what: (ctx: Parameters<Handlers<typeof orders>['later.OrderPlaced']>[1]) => unknown) => {
    const consumer = testConsumer(orders, {
      ...handlers,
      'later.OrderPlaced': async (_: unknown, ctx: Parameters<typeof what>[0]) => void what(ctx),
    });
    const { error, outcome } = await consumer.receive(placed);
    return `${outcome} ${error?.name}: ${error?.message}`;
  };
  const emit = (options: object) => use((ctx) => ctx.emit(PaymentTimedOut, { orderId: 'o1' }, options));

  it.each<[string, object, RegExp]>([
    ['at and in', { at: '2026-01-01T00:00:00Z', in: 1 }, /leave one of both out/],
    ['a key, but no time', { key: 'k' }, /only what comes later has a key/],
    ['an empty key', { in: 1, key: '' }, /a key has 1 to 256 characters/],
    ['a key of 257 characters', { in: 1, key: 'x'.repeat(257) }, /a key has 1 to 256 characters/],
    ['half a character at the end of its key', { in: 1, key: HALF }, /a key has whole characters/],
    ['a key that SQS refuses', { in: 1, key: 'a\uffff' }, /a key has whole characters/],
    ['seconds that are null', { in: null }, /: in is null; it is a number of seconds/],
    ['seconds as text', { in: '2' }, /: in is '2'; it is a number of seconds/],
    ['a time that is null', { at: null }, /: at is null; it is a Date or a text such as/],
    ['a time that is a number', { at: 5 }, /: at is 5; it is a Date or a text such as/],
    ['a key that is null', { in: 1, key: null }, /the consumer uses null as the key/],
    ['an invalid date', { at: new Date(Number.NaN) }, /at is an invalid Date/],
    ['seconds that are none', { in: Number.NaN }, /in is NaN/],
    ['a text that is no time', { at: 'tomorrow' }, /\/deliverat must be an RFC 3339 timestamp/],
    ['more than 365 days', { in: 365 * 86_400 + 1 }, /\/deliverat is more than 365 days ahead/],
  ])('that emits with %s', async (_, options, reason) => {
    expect(await emit(options)).toMatch(reason);
    expect(await emit(options)).toMatch(/^retried TypeError: /);
  });

  it('but not with a key of 256 characters, each of two UTF-16 units', async () => {
    expect(await emit({ in: 1, key: '😀'.repeat(256) })).toBe('completed undefined: undefined');
    expect(await emit({ in: 1, key: '😀'.repeat(257) })).toMatch(/a key has 1 to 256 characters/);
  });

  it('whose cancellation has no key', async () => {
    expect(await use((ctx) => ctx.cancel(''))).toMatch(/a key has 1 to 256 characters/);
  });

  it('whose cancellation has half a character in its key', async () => {
    expect(await use((ctx) => ctx.cancel(HALF))).toBe(
      "retried TypeError: orders uses 'a\ufffd' as the key of an event that comes later; a key has whole characters, none of them U+FFFE or U+FFFF",
    );
  });

  it.each<[string, Handlers<typeof orders>['later.OrderPlaced']]>([
    ['emits an event with at or in', ({ data }, ctx) => ctx.emit(PaymentTimedOut, data, { in: 1 })],
    ['cancels an event', (_, ctx) => ctx.cancel('k')],
  ])('whose definition lacks emitsLater, and which %s', async (what, handler) => {
    const plain = defineConsumer(props);
    const consumer = testConsumer(plain, { ...handlers, 'later.OrderPlaced': handler });
    const { error } = await consumer.receive(placed);
    expect(error?.message).toBe(
      `orders ${what}, and its definition does not allow it; write emitsLater: true into its defineConsumer`,
    );
  });
});

it('a definition that emits nothing cannot emit it later', () => {
  expect(() => defineConsumer({ ...props, emits: [], emitsLater: true })).toThrow(
    /emits nothing; name the events/,
  );
});

it('a schedule is checked when its event is defined', () => {
  const recurring = (schedule: Parameters<typeof defineEvent>[0]['schedule'] | object) => () =>
    defineEvent({
      type: 'later.DayEnded',
      version: 1,
      description: 'A day.',
      data,
      schedule: schedule as never,
    });
  expect(recurring('rate(1 day)')).toThrow(/has data that breaks the contract: \/data\/orderId/);
  expect(recurring({ expression: 'daily', data: { orderId: 'o' } })).toThrow(
    /is 'daily'; write rate\(5 minutes\)/,
  );
  expect(recurring({ expression: 'rate(1 day)', timezone: 'Mars/Base', data: { orderId: 'o' } })).toThrow(
    /'Mars\/Base'/,
  );
  expect(recurring({ expression: 'cron(0 6 ? * MON-FRI *)', data: { orderId: 'o' } })().schedule).toEqual({
    expression: 'cron(0 6 ? * MON-FRI *)',
    timezone: 'UTC',
    data: { orderId: 'o' },
  });
});

describe('an event is not defined', () => {
  const recurring = (schedule: unknown) => () =>
    defineEvent({
      type: 'later.DayEnded',
      version: 1,
      description: 'A day.',
      data: z.unknown(),
      // As a definition in JavaScript may be.
      schedule: schedule as string,
    });
  const daily = (more: object) => ({ expression: 'rate(1 day)', ...more });
  const form = "write 'rate(1 day)', or { expression: 'rate(1 day)', timezone, data }";

  it.each<[string, unknown, string]>([
    ['number', 5, `is 5; ${form}`],
    ['null', null, `is null; ${form}`],
    ['list', ['rate(1 day)'], `is a list; ${form}`],
    [
      'object without an expression',
      { data: {} },
      "has the expression undefined; write expression: 'rate(1 day)'",
    ],
    [
      'expression that is no text',
      { expression: 5 },
      "has the expression 5; write expression: 'rate(1 day)'",
    ],
    [
      'misspelt time zone',
      daily({ timeZone: 'Europe/Berlin' }),
      "has 'timeZone', which no schedule has; it has expression, timezone and data",
    ],
    [
      'half a character in its data',
      daily({ data: { text: HALF } }),
      'has data that cannot be sent: /data/text has a lone surrogate, which is not a character',
    ],
    [
      'data that is nested too deep for an event',
      daily({ data: JSON.parse('['.repeat(64) + ']'.repeat(64)) }),
      'has data that cannot be sent: /data/0/0/0/0/0/0/0 is nested deeper than 64 levels',
    ],
    [
      'data that is too large for a schedule',
      daily({ data: 'é'.repeat(120_000) }),
      'has data of 240011 bytes; EventBridge Scheduler takes 240000 of them at most',
    ],
    [
      'data that is too large for a schedule once its keywords are escaped',
      daily({ data: '<aws.scheduler.'.repeat(12_000) }),
      'has data of 240011 bytes; EventBridge Scheduler takes 240000 of them at most',
    ],
  ])('whose schedule is or has a %s', (_, schedule, reason) => {
    expect(recurring(schedule)).toThrow(new TypeError(`the schedule of later.DayEnded.v1 ${reason}`));
  });

  it('unless all of its schedule can be sent', () => {
    const most = 'x'.repeat(240_000 - '{"data":""}'.length);
    expect(recurring(daily({ data: most }))().schedule?.data).toBe(most);
    expect(recurring(daily({ data: undefined, timezone: undefined }))().schedule).toEqual(
      daily({ timezone: 'UTC', data: {} }),
    );
  });
});
