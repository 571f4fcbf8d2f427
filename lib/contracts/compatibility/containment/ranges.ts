import type { JsonSchema } from '../json-schema.ts';
import type { Slice, TextRange } from './slice.ts';
import { textTestsOf } from './text/text-tests.ts';

/** The range of numbers that the keywords of a schema allow. */
export function numberOf(schema: JsonSchema, { number }: Slice): Slice['number'] {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const types = [type].flat();
  const isWhole = types.includes('integer') && !types.includes('number');
  const [low, lowExcluded] = [numberOr(minimum, number.min), numberOr(exclusiveMinimum, number.min)];
  const [high, highExcluded] = [numberOr(maximum, number.max), numberOr(exclusiveMaximum, number.max)];
  return {
    min: Math.max(low, lowExcluded),
    max: Math.min(high, highExcluded),
    minExcluded: exclusiveMinimum !== undefined && lowExcluded >= low,
    maxExcluded: exclusiveMaximum !== undefined && highExcluded <= high,
    steps: [...(isWhole ? [1] : []), ...(typeof multipleOf === 'number' ? [multipleOf] : [])],
  };
}

/** The range of texts; empty when the length limits and the pattern's lengths exclude each other. */
export function textOf(schema: JsonSchema): readonly TextRange[] {
  const tests = textTestsOf(schema);
  const min = Math.max(numberOr(schema.minLength, 0), ...tests.map((test) => test.min));
  const max = Math.min(
    numberOr(schema.maxLength, Number.POSITIVE_INFINITY),
    ...tests.map((test) => test.max),
  );
  return min > max ? [] : [{ min, max, tests }];
}

/** The value of a keyword, or another number when the keyword has none. */
export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
