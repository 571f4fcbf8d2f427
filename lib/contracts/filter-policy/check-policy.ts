import { matchesValue } from './matches-value.ts';

/**
 * Refuses a filter policy that SNS would refuse, before it is used: a typing error must not select nothing.
 *
 * @param policy parsed JSON
 * @throws RangeError that names the place and what is wrong there
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function checkPolicy(policy: Readonly<Record<string, unknown>>): void {
  checkNames(policy, []);
}

function checkNames(policy: object, path: readonly string[]): void {
  const entries = Object.entries(policy);
  if (entries.length === 0 && path.length > 0) throw new RangeError(`'${path.join('.')}' has no conditions`);
  for (const [name, asked] of entries) {
    const at = [...path, name];
    if (name === '$or' && Array.isArray(asked) && asked.every(isObject)) {
      for (const choice of asked) checkNames(choice, at);
    } else if (Array.isArray(asked)) checkAlternatives(asked, at.join('.'));
    else if (isObject(asked)) checkNames(asked, at);
    else throw new RangeError(`'${at.join('.')}' must be a list, such as [${JSON.stringify(asked)}]`);
  }
}

function checkAlternatives(alternatives: readonly unknown[], at: string): void {
  if (alternatives.length === 0) throw new RangeError(`'${at}' has no alternatives`);
  for (const alternative of alternatives) {
    if (Array.isArray(alternative)) throw new RangeError(`'${at}' has a list in its list`);
    if (!isObject(alternative)) continue;
    const { exists, ...others } = alternative;
    if (exists !== undefined && typeof exists !== 'boolean')
      throw new RangeError(`'exists' of '${at}' must be true or false`);
    // It throws for an operator that it does not know, and for a comparison that is none.
    matchesValue(others, 0);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
