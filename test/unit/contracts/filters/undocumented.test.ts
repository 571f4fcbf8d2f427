import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compileCondition } from '../../../../lib/contracts/filter-policy/compile-condition.ts';
import { valueAtPath } from '../../../../lib/contracts/filter-policy/value-at-path.ts';
import { type Condition, noneOf, oneOf, present, startsWith } from '../../../../lib/contracts/where.ts';

/** What is asked of SNS about a field `a` of this schema. */
const asked = (field: z.ZodType, { anyOf }: Condition) =>
  compileCondition(anyOf, valueAtPath(z.object({ a: field }), 'a'), 'tests.A.v1').alternatives;

describe('a policy does not depend on what AWS leaves open', () => {
  it('asks for null by name beside anything-but, which may or may not take it', () => {
    expect(asked(z.string().nullable(), noneOf('x'))).toEqual([{ 'anything-but': ['x'] }, null]);
    expect(asked(z.string(), noneOf('x'))).toEqual([{ 'anything-but': ['x'] }]);
  });

  it('asks for null and the empty text by name beside exists, which does not take them', () => {
    expect(asked(z.string().nullish(), present())).toEqual([{ exists: true }, null, '']);
    expect(asked(z.string().min(1).optional(), present())).toEqual([{ exists: true }]);
    expect(asked(z.int().optional(), present())).toEqual([{ exists: true }]);
  });

  it('asks for numbers by their value, whatever their spelling is', () => {
    expect(asked(z.union([z.int(), z.string()]), oneOf<string | number>(300, 'x'))).toEqual([
      { numeric: ['=', 300] },
      'x',
    ]);
  });

  it('asks for absence only where it means the same to the handler', () => {
    expect(asked(z.string().default('xy'), startsWith('x'))).toEqual([{ prefix: 'x' }, { exists: false }]);
    expect(asked(z.string().default('y'), startsWith('x'))).toEqual([{ prefix: 'x' }]);
    expect(asked(z.exactOptional(z.string()), startsWith('x'))).toEqual([{ prefix: 'x' }]);
  });

  it('asks nothing where the condition holds for all data', () => {
    expect(asked(z.string(), present())).toBeUndefined();
    expect(asked(z.string().default('x'), present())).toBeUndefined();
  });
});
