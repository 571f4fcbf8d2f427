import * as z from 'zod';
import { atLeast, atMost, between, greaterThan, oneOf, present } from '../../../../../lib/contracts/where.ts';
import type { Row } from './row.ts';

const payment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card') }),
  z.object({ kind: z.literal('cash'), coins: z.int().max(100) }),
]);
const amount = z.int().min(0).max(1_000_000);

/** Numbers that SNS compares otherwise, fields that zod drops, and links. */
export const LIMITS: readonly Row[] = [
  {
    what: 'an amount without a bound',
    schema: z.object({ a: z.int() }),
    where: { a: greaterThan(100) },
    wanted: [{ a: 101 }],
    others: [{ a: 100 }],
    warned: 'above 1000000000',
  },
  {
    what: 'a URL, out of which zod takes blanks and line breaks',
    schema: z.object({ a: z.url() }),
    where: { a: oneOf('https://a.example/') },
    wanted: [{ a: 'https://a.example/' }],
    others: [{ a: 'https://b.example/' }],
    warned: 'removes them before the handler',
  },
  {
    what: 'a URL by a check',
    schema: z.object({ a: z.string().check(z.url()).nullable() }),
    where: { a: oneOf('https://a.example/') },
    wanted: [{ a: 'https://a.example/' }],
    others: [{ a: 'https://b.example/' }, { a: null }],
    warned: 'removes them before the handler',
  },
  {
    what: 'an amount without a bound below',
    schema: z.object({ a: z.int().max(5) }),
    where: { a: atMost(5) },
    wanted: [{ a: 5 }],
    others: [],
    warned: 'below -1000000000',
  },
  {
    what: 'an amount without a bound, and a condition with two',
    schema: z.object({ a: z.int() }),
    where: { a: between(1, 5) },
    wanted: [{ a: 5 }],
    others: [{ a: 2_000_000_000 }],
  },
  {
    what: 'an amount with a bound',
    schema: z.object({ a: amount }),
    where: { a: atLeast(100) },
    wanted: [{ a: 100 }],
    others: [{ a: 99 }],
  },
  {
    what: 'any number of decimals',
    schema: z.object({ a: z.number().min(0).max(9) }),
    where: { a: atLeast(1) },
    wanted: [{ a: 1 }],
    others: [{ a: 0 }],
    warned: 'with more than 5 decimals',
  },
  {
    what: 'two decimals',
    schema: z.object({ a: z.number().min(0).max(9).multipleOf(0.01) }),
    where: { a: atLeast(1.01) },
    wanted: [{ a: 1.01 }],
    others: [{ a: 1 }],
  },
  {
    what: 'one of some numbers, and 0',
    schema: z.object({ a: z.literal([0, 1, 2]) }),
    where: { a: oneOf(0) },
    wanted: [{ a: 0 }],
    others: [{ a: 1 }],
  },
  {
    what: 'a number that is always 0',
    schema: z.object({ a: z.literal(0).optional() }),
    where: { a: atLeast(0) },
    wanted: [{ a: 0 }],
    others: [{}],
  },
  {
    what: 'one of some numbers with many decimals',
    schema: z.object({ a: z.literal([0, 0.0000001]) }),
    where: { a: oneOf(0) },
    wanted: [{ a: 0 }],
    others: [],
    warned: 'with more than 5 decimals',
  },
  {
    what: 'a number as text in another spelling',
    schema: z.object({ a: amount }),
    where: { a: oneOf(300) },
    wanted: [JSON.parse('{ "a": 3e2 }')],
    others: [{ a: 301 }],
  },
  {
    what: 'what one alternative drops',
    schema: z.object({ payment }),
    where: { 'payment.coins': greaterThan(5) },
    wanted: [{ payment: { kind: 'cash', coins: 6 } }],
    others: [{ payment: { kind: 'card' } }],
    warned: 'removes it before the handler',
  },
  {
    what: 'a link beside data without the first field',
    schema: z.object({ id: z.string(), a: z.string().optional() }),
    where: { a: oneOf('x') },
    wanted: [{ id: '1', a: 'x' }],
    others: [{ id: '1' }, { id: '1', a: 'y' }],
    link: true,
  },
  {
    what: 'a link beside data whose only required field is deep',
    schema: z.object({ to: z.object({ id: z.string() }), a: z.string().optional() }),
    where: { a: present() },
    wanted: [{ to: { id: '1' }, a: 'x' }],
    others: [{ to: { id: '1' } }],
    link: true,
  },
  {
    what: 'a link beside data of a union',
    schema: z.union([z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b'), a: z.string() })]),
    where: { a: oneOf('x') },
    wanted: [{ kind: 'b', a: 'x' }],
    others: [{ kind: 'a' }],
    link: true,
    warned: 'removes it',
  },
  {
    what: 'a link beside data of which nothing is required',
    schema: z.object({ a: z.string().optional() }),
    where: { a: oneOf('x') },
    wanted: [{ a: 'x' }],
    others: [{}, { a: 'y' }],
    link: true,
  },
];
