import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ConsumerProps, defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { valueAtPath } from '../../../lib/contracts/filter-policy/value-at-path.ts';
import {
  absent,
  absentOrNull,
  atLeast,
  atMost,
  between,
  endsWith,
  greaterThan,
  ignoringCase,
  lessThan,
  noneOf,
  oneOf,
  present,
  startsWith,
} from '../../../lib/contracts/where.ts';

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'An order.',
  data: z.object({
    totalMinor: z.int(),
    channel: z.enum(['web', 'store']).optional(),
    express: z.boolean(),
    voucher: z.string().nullable(),
    address: z.object({ country: z.string(), geo: z.object({ lat: z.number() }).optional() }),
    lines: z.array(z.object({ sku: z.string() })),
    tag: z.union([z.string(), z.array(z.string())]).optional(),
    gift: z.union([z.object({ to: z.string() }), z.array(z.object({ to: z.string() }))]).optional(),
  }),
});
const OrderCancelled = defineEvent({
  type: 'shop.OrderCancelled',
  version: 1,
  description: 'No order.',
  data: z.object({ reason: z.string() }),
});

type Props = ConsumerProps<typeof OrderPlaced | typeof OrderCancelled, never>;
const define = (where: Props['where']) =>
  defineConsumer({ name: 'vip', description: 'Tests.', listensTo: [OrderPlaced, OrderCancelled], where });

describe('where', () => {
  it('says in a filter policy what is asked', () => {
    expect([
      oneOf<string | number | boolean | null>('a', 1, true, null),
      noneOf('a', 'b'),
      startsWith('a', 'b'),
      endsWith('a'),
      ignoringCase('a'),
      greaterThan(1),
      atLeast(1),
      lessThan(1),
      atMost(1),
      between(1, 2),
      present(),
      absent(),
      absentOrNull(),
    ]).toEqual(
      [
        ['a', 1, true, null],
        [{ 'anything-but': ['a', 'b'] }],
        [{ prefix: 'a' }, { prefix: 'b' }],
        [{ suffix: 'a' }],
        [{ 'equals-ignore-case': 'a' }],
        [{ numeric: ['>', 1] }],
        [{ numeric: ['>=', 1] }],
        [{ numeric: ['<', 1] }],
        [{ numeric: ['<=', 1] }],
        [{ numeric: ['>=', 1, '<=', 2] }],
        [{ exists: true }],
        [{ exists: false }],
        [{ exists: false }, null],
      ].map((anyOf) => ({ anyOf })),
    );
  });

  it('is nothing unless it is said', () => {
    expect(define(undefined).where).toEqual({});
  });

  it('knows the paths of the data, and what is there', () => {
    define({
      'shop.OrderPlaced': {
        totalMinor: greaterThan(100),
        channel: oneOf('web'),
        express: oneOf(true),
        voucher: oneOf(null, 'SPRING'),
        'address.country': startsWith('D', 'A'),
        'address.geo.lat': between(-90, 90),
      },
      'shop.OrderCancelled': { reason: present() },
    });
  });

  it('refuses at compile time what is not there, or cannot be compared so', () => {
    // @ts-expect-error total is no property
    define({ 'shop.OrderPlaced': { total: greaterThan(1) } });
    // @ts-expect-error an address is no single value
    define({ 'shop.OrderPlaced': { address: present() } });
    // @ts-expect-error lines are a list
    define({ 'shop.OrderPlaced': { 'lines.sku': oneOf('a') } });
    // @ts-expect-error a tag may be a list, of which SNS would take any element
    define({ 'shop.OrderPlaced': { tag: oneOf('a') } });
    // @ts-expect-error a gift may be a list
    define({ 'shop.OrderPlaced': { 'gift.to': oneOf('a') } });
    // @ts-expect-error mail is no channel
    define({ 'shop.OrderPlaced': { channel: oneOf('mail') } });
    // @ts-expect-error a number has no beginning
    define({ 'shop.OrderPlaced': { totalMinor: startsWith('1') } });
    // @ts-expect-error a string is not greater than a number
    define({ 'shop.OrderPlaced': { 'address.country': greaterThan(1) } });
    // @ts-expect-error one of nothing is nothing
    define({ 'shop.OrderPlaced': { channel: oneOf() } });
    // @ts-expect-error it does not listen to that
    define({ 'shop.OrderShipped': {} });
  });
});

describe('what can be at a path of a schema', () => {
  const schema = z.object({
    plain: z.string(),
    optional: z.int().optional(),
    nullable: z.boolean().nullable(),
    literal: z.literal(['a', 1]),
    filled: z.string().default('x'),
    inner: z.object({ deep: z.number() }).optional(),
    list: z.array(z.string()),
    record: z.record(z.string(), z.number()),
    either: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('card'), digits: z.string() }),
      z.object({ kind: z.literal('cash'), coins: z.int() }),
    ]),
    anything: z.unknown(),
    get self() {
      return schema.optional();
    },
  });

  it.each([
    ['plain', ['string']],
    ['optional', ['number']],
    ['nullable', ['boolean', 'null']],
    ['literal', ['number', 'string']],
    ['filled', ['string']],
    ['inner.deep', ['number']],
    ['record.whatever', ['number']],
    ['either.kind', ['string']],
    ['either.coins', ['number']],
    ['anything', ['boolean', 'null', 'number', 'string']],
    ['anything.at.all', []],
    ['self.self.plain', ['string']],
    ['nothing', []],
    ['toString', []],
    ['plain.length', []],
    ['inner', []],
    ['list', []],
    ['list.0', []],
  ])('%s: %j', (path, kinds) => {
    expect([...valueAtPath(schema, path).kinds].toSorted()).toEqual(kinds);
  });
});
