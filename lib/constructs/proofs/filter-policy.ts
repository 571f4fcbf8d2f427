import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { FILTER_POLICY } from '../aws-limits.ts';
import type { Proof } from './prove-consumer.ts';

/** SNS takes the filter policy. @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
export const proveFilterPolicy: Proof = ({ filterPolicy }) => {
  const keys = Object.keys(filterPolicy).length;
  const combinations = Object.values(filterPolicy).reduce((product, values) => product * values.length, 1);
  const findings: string[] = [];
  if (keys > FILTER_POLICY.maxKeys) {
    findings.push(`its filter policy has ${keys} keys; SNS takes ${FILTER_POLICY.maxKeys}`);
  }
  if (combinations > FILTER_POLICY.maxCombinations) {
    findings.push(
      `its filter policy has ${combinations} combinations of values; SNS takes ${FILTER_POLICY.maxCombinations}. Split it into several consumers`,
    );
  }
  return findings;
};

/** A topic takes 200 filter policies unless the quota is raised. Returns what is wrong with the app as a whole. */
export function proveFilterPolicyCount(app: IConstruct): string[] {
  const policies = app.node
    .findAll()
    .filter((node) => node instanceof CfnSubscription && node.filterPolicy !== undefined);
  if (policies.length <= FILTER_POLICY.maxPoliciesPerTopic) return [];
  return [
    `the app has ${policies.length} filter policies; SNS takes ${FILTER_POLICY.maxPoliciesPerTopic} per topic. Ask AWS for a higher quota, or split the bus`,
  ];
}
