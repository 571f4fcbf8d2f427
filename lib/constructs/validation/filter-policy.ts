import type { FilterPolicy } from '../../contracts/filter-policy/policy.ts';
import { FILTER_POLICY } from '../aws-limits.ts';
import type { Validation } from './rule.ts';

/** SNS takes the filter policy. @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
export const validateFilterPolicy: Validation = ({ filterPolicy }) => {
  const { maxKeys, maxCombinations, maxBytes } = FILTER_POLICY;
  const keys = countKeys(filterPolicy);
  const combinations = countCombinations(filterPolicy);
  const bytes = Buffer.byteLength(JSON.stringify(filterPolicy));
  const findings: string[] = [];
  if (keys > maxKeys) findings.push(`its filter policy has ${keys} keys; SNS takes ${maxKeys}`);
  if (combinations > maxCombinations) {
    findings.push(
      `its filter policy has ${combinations} combinations of values; SNS takes ${maxCombinations}. Split it into several consumers`,
    );
  }
  if (bytes > maxBytes) findings.push(`its filter policy has ${bytes} bytes; SNS takes ${maxBytes}`);
  return findings;
};

type Part = FilterPolicy[string];

/**
 * How many values are asked for together, in that choice of an `$or` which asks for most. AWS's page has told of nested keys
 * both that they count and that they do not: here they do.
 */
function countKeys(policy: FilterPolicy): number {
  return Object.entries(policy).reduce((sum, [name, part]) => {
    if (name === '$or') return sum + Math.max(...choicesOf(part).map(countKeys));
    return sum + (isNested(part) ? countKeys(part) : 1);
  }, 0);
}

/** The values of every key times its depth, multiplied; the choices of an `$or` add up. */
function countCombinations(policy: FilterPolicy, depth = 1): number {
  return Object.entries(policy).reduce((product, [name, part]) => {
    if (name === '$or') {
      return product * choicesOf(part).reduce((sum, choice) => sum + countCombinations(choice, depth), 0);
    }
    return product * (isNested(part) ? countCombinations(part, depth + 1) : part.length * depth);
  }, 1);
}

function isNested(part: Part): part is FilterPolicy {
  return !Array.isArray(part);
}

function choicesOf(part: Part): readonly FilterPolicy[] {
  return Array.isArray(part) ? part : [];
}

/**
 * A topic takes 200 filter policies unless the quota is raised. Returns what is wrong with a bus as a whole.
 *
 * @param consumers how many it has: each has one filter policy
 */
export function validateFilterPolicyCount(consumers: number): string[] {
  if (consumers <= FILTER_POLICY.maxPoliciesPerTopic) return [];
  return [
    `the bus has ${consumers} consumers, with a filter policy each; SNS takes ${FILTER_POLICY.maxPoliciesPerTopic} per topic. Ask AWS for a higher quota, or split the bus`,
  ];
}
