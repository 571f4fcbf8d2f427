import * as z from 'zod';
import { consumers, type EditRow, nobody } from './edit-row.ts';

const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;
const F = '/properties/f';

const address = (id: string) => z.object({ c: z.string() }).meta({ id });
const k = (value: string) => z.string().default(value);

function twoUses(country: string): z.ZodType {
  const shape = address('DefaultThree');
  return z.object({ f: shape.default({ c: 'DE' }), g: shape.default({ c: country }) });
}

/** Edits of what is filled in where nothing is sent. */
export const EDITS_OF_DEFAULTS: readonly EditRow[] = [
  ['a default is given', inF(z.string(), z.string().default('x')), consumers, `${F}/default`],
  [
    'a default within a union is another',
    inF(
      z.union([z.int(), z.object({ a: z.string().default('x') })]),
      z.union([z.int(), z.object({ a: z.string().default('y') })]),
    ),
    consumers,
    `${F}/anyOf/1/properties/a/default`,
  ],
  [
    'a default of a nullable enum is another',
    inF(z.enum(['x', 'y']).default('x').nullable(), z.enum(['x', 'y']).default('y').nullable()),
    consumers,
  ],
  [
    'a default of a nullable boolean is another',
    inF(z.boolean().default(true).nullable(), z.boolean().default(false).nullable()),
    consumers,
  ],
  [
    'another constant of a union is the default',
    inF(
      z.union([z.literal('a').default('a'), z.literal('b')]),
      z.union([z.literal('a'), z.literal('b').default('b')]),
    ),
    consumers,
  ],
  [
    'a union of constants with a default is written as an enum with another',
    inF(z.union([z.literal('a').default('a'), z.literal('b')]), z.enum(['a', 'b']).default('b')),
    consumers,
  ],
  [
    'a union of constants with a default is written as an enum with the same',
    inF(z.union([z.literal('a').default('a'), z.literal('b')]), z.enum(['a', 'b']).default('a')),
    nobody,
  ],
  [
    'a default of a shape with an id is another',
    inF(address('DefaultOne').default({ c: 'DE' }), address('DefaultOne').default({ c: 'AT' })),
    consumers,
    `${F}/default`,
  ],
  [
    'a default of a nullable shape with an id is another',
    inF(
      address('DefaultTwo').default({ c: 'DE' }).nullable(),
      address('DefaultTwo').default({ c: 'AT' }).nullable(),
    ),
    consumers,
  ],
  [
    'a default of one of two uses of a shape with an id is another',
    [twoUses('DE'), twoUses('AT')],
    consumers,
    '/properties/g/default',
  ],
  [
    'a default that both parts of an intersection have is another',
    inF(
      z.object({ a: k('x') }).and(z.object({ a: k('x').describe('A.') })),
      z.object({ a: k('y') }).and(z.object({ a: k('y').describe('A.') })),
    ),
    consumers,
  ],
  [
    'parts of an intersection with the same default change places',
    inF(
      z.object({ a: k('x') }).and(z.object({ a: k('x').describe('A.') })),
      z.object({ a: k('x').describe('A.') }).and(z.object({ a: k('x') })),
    ),
    nobody,
  ],
  [
    'a default within alternatives that are split is another',
    inF(
      z.union([z.object({ a: k('x'), n: z.int() }), z.int()]),
      z.union([
        z.object({ a: k('y'), n: z.int().min(0) }),
        z.object({ a: k('y'), n: z.int().max(0) }),
        z.int(),
      ]),
    ),
    consumers,
  ],
  [
    'overlapping alternatives with other defaults change places',
    inF(
      z.union([z.object({ a: k('x') }), z.object({ a: k('y'), n: z.int().optional() })]),
      z.union([z.object({ a: k('y'), n: z.int().optional() }), z.object({ a: k('x') })]),
    ),
    consumers,
  ],
  [
    'a default of items is another',
    inF(z.array(z.string().nullable().default('x')), z.array(z.string().nullable().default('y'))),
    consumers,
  ],
  [
    'a tuple with a default becomes a list',
    inF(z.tuple([z.string(), k('x')]), z.array(z.string()).min(1).max(2)),
    consumers,
  ],
  [
    'a list becomes a tuple with a default',
    inF(z.array(z.string()).min(1).max(2), z.tuple([z.string(), k('x')])),
    consumers,
  ],
  [
    'a tuple with a deep default becomes a list',
    inF(
      z.tuple([z.object({ a: k('x') }), z.object({ a: k('x') })]),
      z.array(z.object({ a: z.string().optional() })).length(2),
    ),
    consumers,
  ],
  [
    'a tuple with a deep default becomes a list with the same',
    inF(
      z.tuple([z.object({ a: k('x') }), z.object({ a: k('x') })]),
      z.array(z.object({ a: k('x') })).length(2),
    ),
    nobody,
  ],
];
