/**
 * The environment variables that the stacks set and the runtime reads: the seam between `lib/constructs` and
 * `lib/runtime`, which never import each other.
 */
export const ENVIRONMENT = {
  /** Name of the consumer's idempotency table. */
  idempotencyTable: 'IDEMPOTENCY_TABLE',
  /** URL of the consumer's queue. */
  queueUrl: 'QUEUE_URL',
  /** URL of the queue's dead-letter queue. */
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** ARN of the topic; set for the publish function and for consumers that emit. */
  topicArn: 'TOPIC_ARN',
  /** Name of the bucket for data that is too large for a message. */
  dataBucket: 'DATA_BUCKET',
  /** The largest request that the publish function takes, in bytes. */
  maxRequestBytes: 'MAX_REQUEST_BYTES',
  /** Name of the table that counts what producers with a limit publish; set when there is one. */
  producerCounts: 'PRODUCER_COUNTS',
  /** Declared producers as JSON; set for the publish function when there are any. */
  producers: 'PRODUCERS',
} as const;

/** The variable that holds the name of a consumer's own table: `stock` is in `TABLE_STOCK`. */
export function tableVariable(role: string): string {
  return `TABLE_${role.toUpperCase()}`;
}
