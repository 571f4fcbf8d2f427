import { createAlarm } from './alarm.ts';
import { createBucket } from './bucket.ts';
import { createEventSourceMapping } from './event-source-mapping.ts';
import { createFunction } from './function.ts';
import { createApi, createIntegration, createRoute } from './http-api.ts';
import { createAlias, createKey } from './key.ts';
import { nothing, WITHOUT_MEANING } from './nothing.ts';
import { createQueue } from './queue.ts';
import type { CreateResource } from './resource.ts';
import { createSubscription } from './subscription.ts';
import { createTable } from './table.ts';
import { createTopic } from './topic.ts';

/** Every resource type that the local runner knows. Any other is an error. */
export const RESOURCE_TYPES: Readonly<Record<string, CreateResource>> = {
  'AWS::ApiGatewayV2::Api': createApi,
  'AWS::ApiGatewayV2::Integration': createIntegration,
  'AWS::ApiGatewayV2::Route': createRoute,
  'AWS::CloudWatch::Alarm': createAlarm,
  'AWS::DynamoDB::GlobalTable': createTable,
  'AWS::DynamoDB::Table': createTable,
  'AWS::KMS::Alias': createAlias,
  'AWS::KMS::Key': createKey,
  'AWS::Lambda::EventSourceMapping': createEventSourceMapping,
  'AWS::Lambda::Function': createFunction,
  'AWS::S3::Bucket': createBucket,
  'AWS::SNS::Subscription': createSubscription,
  'AWS::SNS::Topic': createTopic,
  'AWS::SQS::Queue': createQueue,
  ...Object.fromEntries(WITHOUT_MEANING.map((type) => [type, nothing])),
};
