import type { Alternative } from '../where.ts';

/**
 * A filter policy of SNS. All names have to match, each with one of its alternatives. `$or` has several policies, of which one has to match.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export interface FilterPolicy {
  readonly [name: string]: readonly Alternative[] | readonly FilterPolicy[] | FilterPolicy;
}

/**
 * The limits of numbers that SNS can compare: the absolute value and the number of decimals.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export const COMPARED_NUMBERS = { max: 1_000_000_000, decimals: 5 } as const;

/** The names of SNS's operators. @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html */
export const OPERATORS: ReadonlySet<string> = new Set([
  ...['prefix', 'suffix', 'anything-but', 'numeric', 'exists', 'equals-ignore-case', 'wildcard', 'cidr'],
]);
