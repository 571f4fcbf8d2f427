import type { ConsumerPlan } from '../consumer/consumer-plan.ts';
import { validateDataFilter } from './data-filter.ts';
import { validateEnvironment, validateSecrets } from './environment.ts';
import { validateEventSourceMapping } from './event-source-mapping.ts';
import { validateFilterPolicy } from './filter-policy.ts';
import { validateFunction } from './function.ts';
import { validateConsumerName, validateTableRoles } from './names.ts';
import { validateRateLimit } from './rate-limit.ts';
import { validateReceiveCount } from './receive-count.ts';
import { validateRetention } from './retention.ts';
import type { Validation } from './rule.ts';
import { validateVersions } from './versions.ts';
import { validateVisibility } from './visibility.ts';

const VALIDATIONS: readonly Validation[] = [
  validateConsumerName,
  validateTableRoles,
  validateFunction,
  validateEnvironment,
  validateSecrets,
  validateVisibility,
  validateRetention,
  validateReceiveCount,
  validateEventSourceMapping,
  validateRateLimit,
  validateFilterPolicy,
  validateDataFilter,
  validateVersions,
];

/** @throws Error naming everything about the consumer that AWS would refuse, or that would lose events */
export function validateConsumer(plan: ConsumerPlan): void {
  const findings = VALIDATIONS.flatMap((validate) => validate(plan));
  if (findings.length > 0) {
    throw new Error(
      `consumer '${plan.definition.name}' cannot work:\n${findings.map((finding) => `- ${finding}`).join('\n')}`,
    );
  }
}
