import type { ConsumerPlan } from '../consumer-plan.ts';
import { proveDataFilter } from './data-filter.ts';
import { proveEventSourceMapping } from './event-source-mapping.ts';
import { proveFilterPolicy } from './filter-policy.ts';
import { proveFunction } from './function.ts';
import { proveQueueName, proveTableRoles } from './names.ts';
import { proveRateLimit } from './rate-limit.ts';
import { proveReceiveCount } from './receive-count.ts';
import { proveRetention } from './retention.ts';
import { proveVersions } from './versions.ts';
import { proveVisibility } from './visibility.ts';

/** Says what cannot work about a consumer, with the numbers and the remedy. Empty when all is well. */
export type Proof = (plan: ConsumerPlan) => readonly string[];

const PROOFS: readonly Proof[] = [
  proveQueueName,
  proveTableRoles,
  proveFunction,
  proveVisibility,
  proveRetention,
  proveReceiveCount,
  proveEventSourceMapping,
  proveRateLimit,
  proveFilterPolicy,
  proveDataFilter,
  proveVersions,
];

/** @throws Error naming everything about the consumer that AWS would refuse, or that would lose events */
export function proveConsumer(plan: ConsumerPlan): void {
  const findings = PROOFS.flatMap((prove) => prove(plan));
  if (findings.length > 0) {
    throw new Error(
      `consumer '${plan.definition.name}' cannot work:\n${findings.map((finding) => `- ${finding}`).join('\n')}`,
    );
  }
}
