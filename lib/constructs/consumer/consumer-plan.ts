import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import { retryWindowOf, waitingPauseSeconds } from '../../contracts/delivery/retry-window.ts';
import { MAX_RECEIVE_COUNT, MAX_RETENTION_SECONDS, VISIBILITY_PER_FUNCTION_TIMEOUT } from '../aws-limits.ts';
import { type SubscriptionFilter, subscriptionFilter } from './filter-policy.ts';

const DAY_SECONDS = 86_400;
/** A week: a consumer may be down from Friday to Thursday and still catch up. */
const QUEUE_RETENTION_SECONDS = 7 * DAY_SECONDS;

/** The numbers of a consumer's queues, computed from its definition. The validations check these. */
export interface ConsumerPlan extends SubscriptionFilter {
  readonly definition: ConsumerDefinition;
  /** Whether queues keep the order of message groups. The bus decides it. */
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  /**
   * How often SQS hands a message out before it moves it to the dead-letter queue itself. The runtime counts attempts and
   * sends events to the dead-letter queue long before; this is for messages that never reach a handler.
   */
  readonly maxReceiveCount: number;
  readonly queueRetentionSeconds: number;
  readonly deadLetterRetentionSeconds: number;
  readonly idempotencySeconds: number;
}

/** Works out the numbers of a consumer's queues. */
export function planConsumer(definition: ConsumerDefinition, fifo: boolean): ConsumerPlan {
  const visibilitySeconds =
    VISIBILITY_PER_FUNCTION_TIMEOUT * definition.timeoutSeconds + definition.batchingWindowSeconds;
  return {
    definition,
    fifo,
    visibilitySeconds,
    maxReceiveCount: backstop(definition, fifo, visibilitySeconds),
    queueRetentionSeconds: QUEUE_RETENTION_SECONDS,
    deadLetterRetentionSeconds: MAX_RETENTION_SECONDS,
    idempotencySeconds: definition.idempotencyDays * DAY_SECONDS,
    ...subscriptionFilter(definition),
  };
}

/** Receives without an attempt: throttling, a table that does not answer, a lease of another invocation. */
const MAX_WAITING_RECEIVES = 100;

/**
 * The receive count at which SQS itself moves a message to the dead-letter queue: its attempts, those of the events before it in its message
 * group and batch, and the waits that fit into the retention. A message that expires in its queue is lost without a notice, so this limit
 * must come first. With a breaker, an outage needs receives and no attempts: then all that fit into the retention are there.
 */
function backstop(definition: ConsumerDefinition, fifo: boolean, visibilitySeconds: number): number {
  const { retry, batchSize, timeoutSeconds } = definition;
  const { deadLetterSeconds } = retryWindowOf({ retry, timeoutSeconds, visibilitySeconds });
  const longestWait = Math.max(visibilitySeconds, timeoutSeconds + waitingPauseSeconds(retry));
  const affordable = Math.floor((QUEUE_RETENTION_SECONDS - deadLetterSeconds) / longestWait);
  const attempts = fifo ? retry.maxAttempts * batchSize : retry.maxAttempts;
  const waiting = breakerOf(definition) ? affordable : Math.min(MAX_WAITING_RECEIVES, affordable);
  return Math.min(MAX_RECEIVE_COUNT, attempts + waiting);
}
