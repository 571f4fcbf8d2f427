import * as z from 'zod';
import { both, consumers, type EditRow, nobody, producers } from './edit-row.ts';

const ab = z.enum(['a', 'b']);
const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;
const F = '/properties/f';

/** Edits of objects and records: which fields there are, and what becomes of others. */
export const EDITS_OF_FIELDS: readonly EditRow[] = [
  [
    'a record of all keys is read as one of some',
    inF(z.record(ab, z.int()), z.partialRecord(ab, z.int())),
    consumers,
    `${F}/additionalProperties`,
  ],
  [
    'a record of some keys has to have all',
    inF(z.partialRecord(ab, z.int()), z.record(ab, z.int())),
    producers,
  ],
  ['a record has a key more', inF(z.record(ab, z.int()), z.record(z.enum(['a', 'b', 'c']), z.int())), both],
  [
    'a record of some keys has a key more',
    inF(z.partialRecord(ab, z.int()), z.partialRecord(z.enum(['a', 'b', 'c']), z.int())),
    consumers,
  ],
  ['a record has a key less', inF(z.record(z.enum(['a', 'b', 'c']), z.int()), z.record(ab, z.int())), both],
  [
    'a record of keys becomes an object',
    inF(z.record(ab, z.int()), z.strictObject({ a: z.int(), b: z.int() })),
    nobody,
  ],
  [
    'an object becomes a record of keys',
    inF(z.strictObject({ a: z.int(), b: z.int() }), z.record(ab, z.int())),
    nobody,
  ],
  [
    'a record of keys becomes one of any',
    inF(z.record(ab, z.int()), z.record(z.string(), z.int())),
    consumers,
  ],
  [
    'a new field takes less than others did',
    [z.object({}).catchall(z.int()), z.object({ n: z.int().max(9).optional() }).catchall(z.int())],
    producers,
    '/properties/n',
  ],
  [
    'a new field takes other data than others did',
    [z.object({}).catchall(z.int()), z.object({ n: z.string().optional() }).catchall(z.int())],
    both,
    '/properties/n',
  ],
  [
    'a new field takes what others did',
    [z.object({}).catchall(z.int()), z.object({ n: z.int().optional() }).catchall(z.int())],
    nobody,
    '/properties/n',
  ],
  [
    'a new field of a loose object',
    [z.looseObject({}), z.looseObject({ n: z.string().optional() })],
    producers,
    '/properties/n',
  ],
  [
    'a new field of a loose object takes anything',
    [z.looseObject({}), z.looseObject({ n: z.unknown().optional() })],
    nobody,
  ],
  [
    'a new required field of a loose object',
    [z.looseObject({}), z.looseObject({ n: z.unknown() })],
    producers,
  ],
  [
    'a field is left to the others, which take other data',
    [z.object({ n: z.string().optional() }).catchall(z.int()), z.object({}).catchall(z.int())],
    both,
    '/properties/n',
  ],
  [
    'a field is left to the others, which take more',
    [z.object({ n: z.int().max(9).optional() }).catchall(z.int()), z.object({}).catchall(z.int())],
    consumers,
    '/properties/n',
  ],
  [
    'a required field named constructor is new',
    [z.object({}), z.object({ constructor: z.string() })],
    producers,
    '/properties/constructor',
  ],
  [
    'a required field named toString is new',
    [z.object({}), z.object({ toString: z.string() })],
    producers,
    '/properties/toString',
  ],
  [
    'a field named constructor is gone',
    [z.object({ constructor: z.string() }), z.object({})],
    consumers,
    '/properties/constructor',
  ],
  [
    'a field named valueOf changes',
    [z.object({ valueOf: z.string() }), z.object({ valueOf: z.int() })],
    both,
    '/properties/valueOf',
  ],
  [
    'a required record key is named constructor',
    inF(z.partialRecord(z.enum(['constructor']), z.int()), z.record(z.enum(['constructor']), z.int())),
    producers,
  ],
  [
    'a loose object becomes a plain one',
    [z.looseObject({ a: z.int() }), z.object({ a: z.int() })],
    nobody,
    '/additionalProperties',
  ],
  [
    'a plain object becomes a loose one',
    [z.object({ a: z.int() }), z.looseObject({ a: z.int() })],
    nobody,
    '/additionalProperties',
  ],
  [
    'a loose object becomes a strict one',
    [z.looseObject({}), z.strictObject({})],
    producers,
    '/additionalProperties',
  ],
  [
    'other fields have to be numbers',
    [z.object({}), z.object({}).catchall(z.int())],
    producers,
    '/additionalProperties',
  ],
  [
    'other fields need not be numbers',
    [z.object({}).catchall(z.int()), z.object({})],
    consumers,
    '/additionalProperties',
  ],
  [
    'other fields may be less',
    [z.object({}).catchall(z.int()), z.object({}).catchall(z.int().max(9))],
    producers,
    '/additionalProperties/maximum',
  ],
  ['an object becomes a record', inF(z.object({ a: z.int() }), z.record(z.string(), z.int())), both],
  [
    'the names of a record are another pattern',
    inF(z.record(z.string().regex(/^a/), z.int()), z.record(z.string().regex(/^b/), z.int())),
    both,
    `${F}/propertyNames/pattern`,
  ],
  [
    'a nested field is required',
    inF(z.object({ g: z.object({ h: z.int().optional() }) }), z.object({ g: z.object({ h: z.int() }) })),
    producers,
    `${F}/properties/g/properties/h`,
  ],
  [
    'a required field is renamed within a list',
    inF(z.array(z.object({ a: z.int() })), z.array(z.object({ b: z.int() }))),
    both,
    `${F}/items/properties/a`,
  ],
  [
    'a field of a nullable object is required',
    inF(z.object({ a: z.int().optional() }).nullable(), z.object({ a: z.int() }).nullable()),
    producers,
    `${F}/anyOf/0/properties/a`,
  ],
  [
    'a field with a slash in its name is narrowed',
    [z.object({ 'a/b~c': z.int() }), z.object({ 'a/b~c': z.int().max(3) })],
    producers,
    '/properties/a~1b~0c/maximum',
  ],
  [
    'two objects are joined to one',
    [z.object({ a: z.int() }).and(z.object({ b: z.int() })), z.object({ a: z.int(), b: z.int() })],
    nobody,
  ],
  [
    'a part of an intersection requires more',
    [
      z
        .object({ a: z.int() })
        .describe('A.')
        .and(z.object({ b: z.int().optional() })),
      z
        .object({ a: z.int() })
        .describe('A.')
        .and(z.object({ b: z.int() })),
    ],
    producers,
  ],
];
