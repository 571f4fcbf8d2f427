import * as z from 'zod';
import type { JsonSchema } from '../../json-schema.ts';
import type { TextTest } from '../slice.ts';
import { readPattern } from './read-pattern.ts';
import { testInTime } from './test-in-time.ts';

/**
 * Formats that accept less than their pattern, or that have no pattern, each with texts that it accepts. For the other formats, the pattern
 * that zod writes beside them is exact.
 */
const FORMATS: ReadonlyMap<string, readonly [z.ZodType, ...string[]]> = new Map([
  ['uri', [z.url(), 'https://example.com/', 'http://example.org/a', 'a:b']],
  ['ipv6', [z.ipv6(), '::1', '2001:db8::1']],
  ['cidrv6', [z.cidrv6(), '2001:db8::/32']],
  ['base64', [z.base64(), '', 'YQ==']],
  ['base64url', [z.base64url(), '', 'YQ']],
  ['jwt', [z.jwt(), 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.YQ']],
  ['credit_card', [z.creditCard(), '4111111111111111']],
  ['iban', [z.iban(), 'DE89370400440532013000']],
]);

/** The tests of a text schema, without its length limits. */
export function textTestsOf(schema: JsonSchema): readonly TextTest[] {
  const { pattern, format, allOf = [] } = schema;
  const isUnicode = schema['x-unicode'] === true;
  const own = typeof pattern === 'string' ? [patternTest(pattern, isUnicode)] : [];
  const more = allOf.flatMap((member) =>
    isPatternOnly(member) ? [patternTest(member.pattern, isUnicode)] : [],
  );
  const hasExactPattern = own.length + more.length > 0 && !FORMATS.has(String(format));
  return [...own, ...more, ...(typeof format === 'string' && !hasExactPattern ? [formatTest(format)] : [])];
}

/** Whether a schema has only a pattern. zod writes such members of an `allOf` when a text has several patterns. */
export function isPatternOnly(schema: unknown): schema is { readonly pattern: string } {
  return (
    typeof schema === 'object' &&
    schema !== null &&
    Object.keys(schema).length === 1 &&
    'pattern' in schema &&
    typeof schema.pattern === 'string'
  );
}

/** The test of a pattern. `defineEvent` makes sure that all patterns of a text have the flag `u`, or none. */
function patternTest(pattern: string, isUnicode: boolean): TextTest {
  const expression = expressionOf(pattern, isUnicode ? 'u' : '');
  const texts = expression && readPattern(expression);
  return {
    min: texts?.min ?? 0,
    max: texts?.max ?? Number.POSITIVE_INFINITY,
    key: `the pattern ${pattern}${isUnicode ? ' (flag u)' : ''}`,
    passes: expression ? testInTime(expression) : () => undefined,
    samples: () => texts?.samples() ?? [],
  };
}

/** The pattern as a RegExp; undefined when it is not valid with these flags. */
function expressionOf(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function formatTest(format: string): TextTest {
  const [schema, ...samples] = FORMATS.get(format) ?? [];
  return {
    min: 0,
    max: Number.POSITIVE_INFINITY,
    key: `the format ${format}`,
    passes: (text) => schema?.safeParse(text).success,
    samples: () => samples,
  };
}
