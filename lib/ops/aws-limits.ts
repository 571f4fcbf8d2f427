/** Numbers that AWS sets and that the operator's commands keep to, each with its page. */

/** Entries of one SendMessageBatch, DeleteMessageBatch or ChangeMessageVisibilityBatch. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
export const MAX_SQS_BATCH_ENTRIES = 10;

/** Messages in one ReceiveMessage. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const MAX_RECEIVE_MESSAGES = 10;

/** A received message can be hidden for this time at most. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export const MAX_VISIBILITY_SECONDS = 43_200;

/** A message can be kept in a queue for this time at most. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_RETENTION_DAYS = 14;

/** Move tasks of one queue that SQS lists. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
export const MAX_LISTED_MOVE_TASKS = 10;

/** Messages a second of a move task. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
export const MAX_MOVED_PER_SECOND = 500;

/** Keys in one BatchGetItem, of all tables together. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const MAX_BATCH_GET_KEYS = 100;

/** Statements in one BatchExecuteStatement. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
export const MAX_BATCH_STATEMENTS = 25;

/** Queries in one GetMetricData. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const MAX_METRIC_QUERIES = 500;

/** Names in one DescribeAlarms. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const MAX_ALARM_NAMES = 100;

/** What a function gets when its template sets nothing. @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const FUNCTION_DEFAULTS = { MemorySize: 128, Timeout: 3 } as const;
