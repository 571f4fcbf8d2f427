import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import { MAX_RETENTION_SECONDS, VISIBILITY_PER_FUNCTION_TIMEOUT } from './aws-limits.ts';
import { type SubscriptionFilter, subscriptionFilter } from './filter-policy.ts';

const DAY_SECONDS = 86_400;
/** A week: a consumer may be down from Friday to Thursday and still catch up. */
const QUEUE_RETENTION_SECONDS = 7 * DAY_SECONDS;

/** The numbers of a consumer's queues, worked out from its definition. The proofs are about these. */
export interface ConsumerPlan extends SubscriptionFilter {
  readonly definition: ConsumerDefinition;
  /** Whether queues keep the order of message groups. The bus decides it. */
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  readonly queueRetentionSeconds: number;
  readonly deadLetterRetentionSeconds: number;
  readonly idempotencySeconds: number;
}

/** Works out the numbers of a consumer's queues. */
export function planConsumer(definition: ConsumerDefinition, fifo: boolean): ConsumerPlan {
  return {
    definition,
    fifo,
    visibilitySeconds:
      VISIBILITY_PER_FUNCTION_TIMEOUT * definition.timeoutSeconds + definition.batchingWindowSeconds,
    queueRetentionSeconds: QUEUE_RETENTION_SECONDS,
    deadLetterRetentionSeconds: MAX_RETENTION_SECONDS,
    idempotencySeconds: definition.idempotencyDays * DAY_SECONDS,
    ...subscriptionFilter(definition),
  };
}
