/** Numbers that AWS sets, each with its page. Durations are in seconds. */

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig */
export const VISIBILITY_PER_FUNCTION_TIMEOUT = 6;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
export const MAX_VISIBILITY_SECONDS = 43_200;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_RETENTION_SECONDS = 1_209_600;

/** With the `.fifo` of a FIFO queue. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
export const MAX_QUEUE_NAME_LENGTH = 80;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export const ENVIRONMENT_VARIABLE_PATTERN = /^[A-Za-z][A-Za-z0-9_]+$/;

/** All environment variables of a function together. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_ENVIRONMENT_BYTES = 4_096;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const MAX_RECEIVE_COUNT = 1_000;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_FUNCTION_TIMEOUT_SECONDS = 900;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const FUNCTION_MEMORY_MEGABYTES = { min: 128, max: 10_240 } as const;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const EVENT_SOURCE_MAPPING = {
  maxBatchSize: 10_000,
  maxBatchSizeFifo: 10,
  /** A larger batch needs a batching window of at least a second. */
  maxBatchSizeWithoutWindow: 10,
  maxBatchingWindowSeconds: 300,
} as const;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency */
export const EVENT_SOURCE_CONCURRENCY = { min: 2, max: 1_000 } as const;

/** Of an SQS queue. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-eventsourcemapping-provisionedpollerconfig.html */
export const PROVISIONED_POLLERS = { min: { min: 2, max: 200 }, max: { min: 2, max: 2_000 } } as const;

/** In days. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS: readonly number[] = [
  ...[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ],
];

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
export const FILTER_POLICY = {
  maxKeys: 5,
  maxCombinations: 150,
  maxPoliciesPerTopic: 200,
  maxBytes: 262_144,
} as const;
