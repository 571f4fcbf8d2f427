import * as z from 'zod';
import type { JsonSchema } from '../../json-schema.ts';
import type { TextTest } from '../slice.ts';
import { readPattern } from './read-pattern.ts';

/**
 * Formats that take less than their pattern says, or have none, and texts that they take. What other formats take is said by the
 * pattern that zod writes beside them.
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

/** With the flag `u`, without it, or either: beside several patterns the published schema does not say which of them have it. */
type Unicode = 'yes' | 'no' | 'maybe';

/** The tests that a schema of text has, without its lengths. */
export function textTestsOf(schema: JsonSchema): readonly TextTest[] {
  const { pattern, format, allOf = [] } = schema;
  const isUnicode = schema['x-unicode'] === true;
  const own = typeof pattern === 'string' ? [patternTest(pattern, isUnicode ? 'yes' : 'no')] : [];
  const more = allOf.flatMap((member) =>
    isPatternOnly(member) ? [patternTest(member.pattern, isUnicode ? 'maybe' : 'no')] : [],
  );
  const isSaid = own.length + more.length > 0 && !FORMATS.has(String(format));
  return [...own, ...more, ...(typeof format === 'string' && !isSaid ? [formatTest(format)] : [])];
}

/** A member of an `allOf` that zod writes for one of several patterns of the same text. */
export function isPatternOnly(schema: unknown): schema is { readonly pattern: string } {
  return (
    typeof schema === 'object' &&
    schema !== null &&
    Object.keys(schema).length === 1 &&
    'pattern' in schema &&
    typeof schema.pattern === 'string'
  );
}

function patternTest(pattern: string, unicode: Unicode): TextTest {
  const readings = [...(unicode === 'yes' ? [] : ['']), ...(unicode === 'no' ? [] : ['u'])];
  const expressions = readings.map((flags) => expressionOf(pattern, flags));
  const texts = expressions.map((expression) => expression && readPattern(expression));
  return {
    min: Math.min(...texts.map((one) => one?.min ?? 0)),
    max: Math.max(...texts.map((one) => one?.max ?? Number.POSITIVE_INFINITY)),
    key: `the pattern ${pattern}${unicode === 'no' ? '' : ` (flag u: ${unicode})`}`,
    passes: (text) => {
      const [first, ...others] = expressions.map((expression) => expression?.test(text));
      return others.every((other) => other === first) ? first : undefined;
    },
    samples: () => texts.flatMap((one) => one?.samples() ?? []),
  };
}

/** Some patterns are only valid with the flag, or only without it. */
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
