import { cloudwatchAlarm } from './cloudwatch-alarm.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { kmsKey } from './kms-key.ts';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaPermission } from './lambda-permission.ts';
import type { ResourceReader } from './reader.ts';
import { snsSubscription } from './sns-subscription.ts';
import { snsTopic } from './sns-topic.ts';
import { snsTopicPolicy } from './sns-topic-policy.ts';
import { sqsQueue } from './sqs-queue.ts';
import { sqsQueuePolicy } from './sqs-queue-policy.ts';

const ALL: readonly ResourceReader[] = [
  cloudwatchAlarm,
  dynamodbTable,
  kmsKey,
  lambdaEventSourceMapping,
  lambdaFunction,
  lambdaPermission,
  snsSubscription,
  snsTopic,
  snsTopicPolicy,
  sqsQueue,
  sqsQueuePolicy,
];

/** Readers by type. Of any other type only its existence is compared. */
export const READERS: ReadonlyMap<string, ResourceReader> = new Map(
  ALL.map((reader) => [reader.type, reader]),
);
