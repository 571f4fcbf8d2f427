/** Numbers that AWS sets and that the local runner keeps to, each with its page. */

/** With the `.fifo` of a FIFO queue. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
export const MAX_QUEUE_NAME_LENGTH = 80;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const MAX_BUCKET_NAME_LENGTH = 63;

/** Messages in one ReceiveMessage. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const MAX_RECEIVE_MESSAGES = 10;

/** Of a long poll. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const MAX_WAIT_SECONDS = 20;

/** Of one message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const MAX_DELAY_SECONDS = 900;

/** Of SQS and SNS. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const GROUP_OR_DEDUPLICATION_ID = /^[!-~]{1,128}$/;

/** Of SQS. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export const MESSAGE_ATTRIBUTES = {
  max: 10,
  maxNameLength: 256,
  reservedPrefix: /^(aws|amazon)\./i,
} as const;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export const MAX_BATCH_ENTRIES = 10;

/** Of all messages in one batch. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export const MAX_BATCH_BYTES = 1_048_576;

/** Of a RedrivePolicy. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const MAX_RECEIVE_COUNT = 1_000;

/** Of a message and of all messages in one batch. @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export const MAX_PUBLISH_BYTES = 262_144;

/** Characters of a subject. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MAX_SUBJECT_LENGTH = 100;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
export const MAX_MOVED_PER_SECOND = 500;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
export const MAX_LISTED_MOVE_TASKS = 10;

/** Of an event that invokes a function. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** Of the result of a function: 6 MB and 100 bytes. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_RESULT_BYTES = MAX_EVENT_BYTES + 100;

/** Time in which a bundle has to load. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
export const INIT_TIMEOUT_MS = 10_000;

/** What a function gets when its template sets nothing. @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const FUNCTION_DEFAULTS = { Handler: 'index.handler', MemorySize: 128, Timeout: 3 } as const;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const EVENT_SOURCE_MAPPING = {
  defaultBatchSize: 10,
  maxBatchSize: 10_000,
  /** Of a FIFO queue, and of a standard queue without a batching window. */
  maxBatchSizeWithoutWindow: 10,
  maxBatchingWindowSeconds: 300,
} as const;

/** The maximum also holds when none is set. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const EVENT_SOURCE_CONCURRENCY = { min: 2, max: 1_000 } as const;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-eventsourcemapping-provisionedpollerconfig.html */
export const PROVISIONED_POLLERS = { min: 2, maxOfMinimum: 200, max: 2_000 } as const;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const HTTP_API = { maxBodyBytes: 10 * 1024 * 1024, integrationTimeoutMs: 30_000 } as const;

/** Of the metrics of Lambda, SQS and API Gateway. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html */
export const METRIC_PERIOD_MS = 60_000;

/** Of the entries of one PutEvents. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export const MAX_PUT_EVENTS_BYTES = 262_144;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const MAX_PUT_EVENTS_ENTRIES = 10;

/** To, Cc and Bcc together. @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
export const MAX_MAIL_RECIPIENTS = 50;

/**
 * Of a schedule and its target.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
export const SCHEDULE = {
  maxWindowMinutes: 1_440,
  maxInputBytes: 262_144,
  maxDescriptionLength: 512,
  clientToken: /^[a-zA-Z0-9-_]{1,64}$/,
  roleArn: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  eventAgeSeconds: [60, 86_400],
  maxRetryAttempts: 185,
  maxListed: 100,
} as const;
