import type { Alternative } from '../where.ts';

/**
 * A filter policy of SNS: all names have to match, one of the alternatives of each; `$or` has whole policies to choose from.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export interface FilterPolicy {
  readonly [name: string]: readonly Alternative[] | readonly FilterPolicy[] | FilterPolicy;
}

/**
 * The range, either way from zero, and the decimals in which SNS compares numbers.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export const COMPARED_NUMBERS = { max: 1_000_000_000, decimals: 5 } as const;

/** What SNS takes for operators. @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html */
export const OPERATORS: ReadonlySet<string> = new Set([
  ...['prefix', 'suffix', 'anything-but', 'numeric', 'exists', 'equals-ignore-case', 'wildcard', 'cidr'],
]);
