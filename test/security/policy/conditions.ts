import { type Context, fillVariables, matchesPattern } from './matches.ts';
import { listOf, type Statement, type Texts } from './policy.ts';

type Compare = (expected: string, actual: string) => boolean;

const numeric =
  (compare: (actual: number, expected: number) => boolean): Compare =>
  (expected, actual) =>
    compare(Number(actual), Number(expected));

/** The operators that say what has to be so. `not` of each is its negation. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  StringLike: matchesPattern,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  NumericEquals: numeric((actual, expected) => actual === expected),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
};

/** Each of the six parts is matched alone. */
function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOf(pattern), partsOf(arn)];
  return (
    patterns.length === parts.length &&
    patterns.every((one, index) => matchesPattern(one, parts[index] ?? ''))
  );
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

/**
 * Whether all conditions of a statement hold.
 *
 * @param context the values of the request, by key in lower case
 * @throws TypeError for an operator that is not known, so that no test passes by it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionsHold({ Condition = {} }: Statement, context: Context): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      holds(
        operator,
        listOf<string | boolean | number>(expected).map((value) => fillVariables(String(value), context)),
        context.get(key.toLowerCase()),
      ),
    ),
  );
}

function holds(operator: string, expected: Texts, actual: readonly string[] | undefined): boolean {
  const values = listOf(expected);
  if (operator === 'Null') return values.includes(String(actual === undefined));
  const { set, compare, negated, ifExists } = readOperator(operator);
  const fits = (value: string): boolean => values.some((one) => compare(one, value)) !== negated;
  if (actual === undefined || actual.length === 0)
    return ifExists || set === 'ForAllValues' || (negated && set === undefined);
  if (set === 'ForAllValues') return actual.every(fits);
  if (set === 'ForAnyValue') return actual.some(fits);
  if (actual.length > 1)
    throw new TypeError(`${operator} compares one value; for several use ForAllValues or ForAnyValue`);
  return actual.every(fits);
}

function readOperator(operator: string) {
  const [, set, name = '', ifExists] =
    operator.match(/^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/) ?? [];
  const positive = name.replace(/^(String|Arn|Numeric)Not/, '$1');
  const compare = OPERATORS[positive];
  if (!compare) throw new TypeError(`the condition operator ${operator} is not supported`);
  return { set, compare, negated: positive !== name, ifExists: ifExists !== undefined };
}
