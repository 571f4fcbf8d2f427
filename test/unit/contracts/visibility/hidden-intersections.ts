import * as z from 'zod';

/** What is hidden in an intersection, a field that hides it, and what the error says of it. */
export const HIDDEN_INTERSECTIONS: readonly (readonly [string, z.ZodType, string])[] = [
  [
    'two defaults of items in an intersection',
    z
      .object({ l: z.array(z.object({ a: z.string().default('x') })) })
      .and(z.object({ l: z.array(z.object({ a: z.string().default('y') })) })),
    "both sides of .and() have different defaults for 'l/*/a'",
  ],
  [
    'two defaults of values of records in an intersection',
    z
      .record(z.string(), z.object({ a: z.string().default('x') }))
      .and(z.record(z.string(), z.object({ a: z.string().default('y') }))),
    "both sides of .and() have different defaults for '*/a'",
  ],
  [
    'two defaults of a named field and of a value of a record in an intersection',
    z
      .object({ k: z.object({ a: z.string().default('x') }) })
      .and(z.record(z.string(), z.object({ a: z.string().default('y') }))),
    "both sides of .and() have different defaults for 'k/a'",
  ],
  [
    'two defaults of listed names in an intersection',
    z
      .object({ m: z.record(z.enum(['a', 'b']), z.string().default('x')) })
      .and(z.object({ m: z.object({ a: z.string().default('y') }) })),
    "both sides of .and() have different defaults for 'm/a'",
  ],
  [
    'two lazy defaults in an intersection',
    z
      .object({ o: z.lazy(() => z.object({ a: z.string().default('x') })) })
      .and(z.object({ o: z.object({ a: z.string().default('y') }) })),
    "both sides of .and() have different defaults for 'o/a'",
  ],
  [
    'two defaults of an item of two tuples in an intersection',
    z.tuple([z.string().default('x')]).and(z.tuple([z.string().default('y')])),
    "both sides of .and() have a list, and fill in its missing item '0' differently",
  ],
  [
    'an item of a tuple that a list does not fill in',
    z.object({ l: z.tuple([z.string(), z.string().default('q')]) }).and(z.object({ l: z.array(z.string()) })),
    "both sides of .and() have a list, and fill in its missing item 'l/1' differently",
  ],
  [
    'an item of a tuple that a shorter tuple does not fill in',
    z.tuple([z.string(), z.string().default('q')]).and(z.tuple([z.string()])),
    "both sides of .and() have a list, and fill in its missing item '1' differently",
  ],
  [
    'a lazy strict object that is joined with an open one',
    z
      .object({ o: z.lazy(() => z.strictObject({ a: z.string() })) })
      .and(z.object({ o: z.object({ b: z.string() }) })),
    "both sides of .and() have an object at 'o'",
  ],
  [
    'a strict object that is joined with the rest of another one',
    z
      .object({ o: z.strictObject({ a: z.string() }) })
      .and(z.object({}).catchall(z.object({ b: z.string() }))),
    "both sides of .and() have an object at 'o'",
  ],
  [
    'a lazy record of names with a pattern in an intersection',
    z.object({ a: z.string() }).and(z.lazy(() => z.record(z.string().regex(/^x-/), z.string()))),
    'a record of limited names within .and()',
  ],
];
