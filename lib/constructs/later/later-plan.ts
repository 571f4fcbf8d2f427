import { MAX_RETENTION_SECONDS, VISIBILITY_PER_FUNCTION_TIMEOUT } from '../aws-limits.ts';
import type { QueuePlan } from '../consumer/consumer-queues.ts';

/** A batch is a few requests side by side; the rest is for a service that answers slowly. */
export const LATER_TIMEOUT_SECONDS = 30;
/** Each makes some hundred schedules in a second, of which EventBridge Scheduler takes thousands. */
export const LATER_MAX_CONCURRENCY = 10;
export const LATER_BATCH_SIZE = 10;
/**
 * A message that fails comes again after 15 minutes at most, so SNS may be down for five days. It is received twice when it comes from a
 * schedule, and often when it fails, so this limit comes before the retention.
 */
const MAX_RECEIVES = 500;
const QUEUE_RETENTION_SECONDS = 604_800;

/** The numbers of the queue of later events. It is a standard queue on every bus: only such a queue delays single messages. */
export const LATER_PLAN: QueuePlan = {
  fifo: false,
  visibilitySeconds: VISIBILITY_PER_FUNCTION_TIMEOUT * LATER_TIMEOUT_SECONDS,
  maxReceiveCount: MAX_RECEIVES,
  queueRetentionSeconds: QUEUE_RETENTION_SECONDS,
  deadLetterRetentionSeconds: MAX_RETENTION_SECONDS,
};
