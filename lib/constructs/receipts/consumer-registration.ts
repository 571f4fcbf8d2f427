import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { FilterPolicy } from '../../contracts/filter-policy/policy.ts';
import { registrationName, splitRegistration } from '../../contracts/receipts/consumer-registration.ts';
import type { ConsumerPlan } from '../consumer/consumer-plan.ts';

export interface ConsumerRegistrationProps {
  /** Where the consumers of the bus register themselves. */
  readonly path: string;
  /** What the consumer is called in the deployment. */
  readonly label: string;
  readonly plan: ConsumerPlan;
  readonly idempotencyTable: ITable;
}

/**
 * Tells the bus that there is this consumer, by parameters in the stack of the consumer: the template of the bus does not change, and the
 * parameters go with the stack. Standard parameters cost nothing. Receipts are made of them.
 */
export class ConsumerRegistration extends Construct {
  constructor(scope: Construct, id: string, props: ConsumerRegistrationProps) {
    super(scope, id);
    const { path, label, plan, idempotencyTable } = props;
    const { maxAttempts, firstDelaySeconds, maxDelaySeconds } = plan.definition.retry;
    const parts = splitRegistration({
      consumer: label,
      table: idempotencyTable.tableName,
      ...typesOf(plan),
      retry: { maxAttempts, firstDelaySeconds, maxDelaySeconds },
    });
    for (const [index, part] of parts.entries()) {
      new StringParameter(this, `Part${index + 1}`, {
        parameterName: registrationName(path, label, index + 1),
        // The name of the table is known only at deployment.
        stringValue: Stack.of(this).toJsonString(part),
      });
    }
  }
}

/** The types that the subscription lets through: all events of some, and of others only what has certain data. */
function typesOf({ filterPolicyScope, filterPolicy }: ConsumerPlan): {
  readonly types: readonly string[];
  readonly filtered: readonly string[];
} {
  if (filterPolicyScope === 'MessageAttributes') return { types: namesIn(filterPolicy), filtered: [] };
  const branches = Array.isArray(filterPolicy.$or) ? filterPolicy.$or : [];
  const isPlain = (policy: FilterPolicy): boolean => Object.keys(policy).join() === 'type';
  const types = new Set(branches.filter(isPlain).flatMap(namesIn));
  const filtered = new Set(branches.filter((one) => !isPlain(one)).flatMap(namesIn));
  return { types: [...types], filtered: [...filtered].filter((type) => !types.has(type)) };
}

function namesIn({ type }: FilterPolicy): readonly string[] {
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string') : [];
}
