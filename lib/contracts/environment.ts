/**
 * The environment variables that the stacks set and the runtime reads. `lib/constructs` and `lib/runtime` share them, because they may not
 * import each other.
 */
export const ENVIRONMENT = {
  /** Name of the consumer's idempotency table. */
  idempotencyTable: 'IDEMPOTENCY_TABLE',
  /** URL of the consumer's queue. */
  queueUrl: 'QUEUE_URL',
  /** URL of the queue's dead-letter queue. */
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** ARN of the topic; set for the publish function and for consumers that emit events. */
  topicArn: 'TOPIC_ARN',
  /** What the consumer is called in what it emits; set when it is not of the app of the bus. */
  emitterName: 'EMITTER_NAME',
  /** Name of the bucket for data that is too large for a message. */
  dataBucket: 'DATA_BUCKET',
  /** The largest request that the publish function accepts, in bytes. */
  maxRequestBytes: 'MAX_REQUEST_BYTES',
  /** Name of the table that counts the events of producers with a limit; set when there is such a producer. */
  producerCounts: 'PRODUCER_COUNTS',
  /** Declared producers as JSON; set for the publish function when there are any. */
  producers: 'PRODUCERS',
  /** ARN of the EventBridge bus on which a consumer puts events; set for a consumer that does. */
  eventBridgeBusArn: 'EVENT_BRIDGE_BUS_ARN',
  /** The `source` of these events in EventBridge. */
  eventBridgeSource: 'EVENT_BRIDGE_SOURCE',
  /** Name of the table of the replays; set for the replay function, as the two below. */
  replayTable: 'REPLAY_TABLE',
  /** URL of the queue that the archive is fed from. */
  archiveQueueUrl: 'ARCHIVE_QUEUE_URL',
  /** After so many receives SQS moves a message of the function's queue to its dead-letter queue. */
  maxReceives: 'MAX_RECEIVES',
  /** URL of the queue of the controller that stops and resumes consumers; set for a consumer with a breaker. */
  controlQueueUrl: 'CONTROL_QUEUE_URL',
  /** Name of the table that says which consumers are stopped; set for the controller and for a consumer with a breaker. */
  intakeTable: 'INTAKE_TABLE',
  /** What the consumer is called in the deployment; set for a consumer with a breaker. */
  consumerLabel: 'CONSUMER_LABEL',
  /** URL of the queue of events that come later; set for the publish function and for a consumer that emits such events. */
  laterQueueUrl: 'LATER_QUEUE_URL',
  /** ARN of that queue; set for its function, as those below. */
  laterQueueArn: 'LATER_QUEUE_ARN',
  /** Name of the group of the schedules of events that come later. */
  scheduleGroup: 'SCHEDULE_GROUP',
  /** ARN of the role by which a schedule sends to that queue. */
  scheduleRoleArn: 'SCHEDULE_ROLE_ARN',
  /** ARN of the queue that gets what a schedule could not send. */
  scheduleDeadLetterQueueArn: 'SCHEDULE_DEAD_LETTER_QUEUE_ARN',
  /** Name of the table of cancelled events. */
  cancellationsTable: 'CANCELLATIONS_TABLE',
} as const;

/** The variable with the name of a consumer's own table: `TABLE_STOCK` for the role `stock`. */
export function tableVariable(role: string): string {
  return `TABLE_${role.toUpperCase()}`;
}

/** The variable that says where a secret is kept: `stripeKey` is in `SECRET_STRIPEKEY`. */
export function secretVariable(role: string): string {
  return `SECRET_${role.toUpperCase()}`;
}

/** What stands before the name of a secret in its variable: `secretsmanager:shop/stripe`. */
export const SECRET_KINDS = { secretsManager: 'secretsmanager:', ssmParameter: 'ssm:' } as const;
