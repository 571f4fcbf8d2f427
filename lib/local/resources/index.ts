import { createRule } from '../event-bridge/rule.ts';
import { createStateMachine } from '../step-functions/state-machine.ts';
import { createAlarm } from './alarm.ts';
import { createBucket } from './bucket.ts';
import { createCustomResource } from './custom-resource.ts';
import { createEventSourceMapping } from './event-source-mapping.ts';
import { createFunction } from './function.ts';
import { createApi, createIntegration, createRoute } from './http-api.ts';
import { createAlias, createKey } from './key.ts';
import { NOOP_TYPES, noop } from './noop.ts';
import { createParameter } from './parameter.ts';
import { createPermission } from './permission.ts';
import { createQueue } from './queue.ts';
import { createQueuePolicy } from './queue-policy.ts';
import type { CreateResource } from './resource.ts';
import { createRole } from './role.ts';
import { createSchedule, createScheduleGroup } from './schedule.ts';
import { createSubscription } from './subscription.ts';
import { createTable } from './table/table.ts';
import { createTopic } from './topic.ts';
import { createTopicPolicy } from './topic-policy.ts';

/** Every resource type that the local runner knows. Any other type is an error. */
export const RESOURCE_TYPES: Readonly<Record<string, CreateResource>> = {
  'AWS::ApiGatewayV2::Api': createApi,
  'AWS::ApiGatewayV2::Integration': createIntegration,
  'AWS::ApiGatewayV2::Route': createRoute,
  'AWS::CloudWatch::Alarm': createAlarm,
  'AWS::DynamoDB::GlobalTable': createTable,
  'AWS::DynamoDB::Table': createTable,
  'AWS::Events::Rule': createRule,
  'AWS::IAM::Role': createRole,
  'AWS::KMS::Alias': createAlias,
  'AWS::KMS::Key': createKey,
  'AWS::Lambda::EventSourceMapping': createEventSourceMapping,
  'AWS::Lambda::Function': createFunction,
  'AWS::Lambda::Permission': createPermission,
  'AWS::S3::Bucket': createBucket,
  'AWS::Scheduler::Schedule': createSchedule,
  'AWS::Scheduler::ScheduleGroup': createScheduleGroup,
  'AWS::SNS::Subscription': createSubscription,
  'AWS::SNS::Topic': createTopic,
  'AWS::SNS::TopicPolicy': createTopicPolicy,
  'AWS::SQS::Queue': createQueue,
  'AWS::SQS::QueuePolicy': createQueuePolicy,
  'AWS::SSM::Parameter': createParameter,
  'AWS::StepFunctions::StateMachine': createStateMachine,
  'Custom::FanfareStartFrom': createCustomResource,
  ...Object.fromEntries(NOOP_TYPES.map((type) => [type, noop])),
};
