import { createAlarm } from './alarm.ts';
import { createEventSourceMapping } from './event-source-mapping.ts';
import { createFunction } from './function.ts';
import { createApi, createIntegration, createRoute } from './http-api.ts';
import { createQueue } from './queue.ts';
import type { CreateResource } from './resource.ts';
import { createSubscription } from './subscription.ts';
import { createTable } from './table.ts';
import { createTopic } from './topic.ts';

/** A resource that others may refer to, but that has nothing to do on this machine. */
const nothing: CreateResource = ({ name, logicalId }, { region, account }) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:local:${region}:${account}:${logicalId}`, KeyId: name, RoleId: name },
});

/** Every resource type that the local runner knows. Any other is an error. */
export const RESOURCE_TYPES: Readonly<Record<string, CreateResource>> = {
  'AWS::ApiGatewayV2::Api': createApi,
  'AWS::ApiGatewayV2::Integration': createIntegration,
  'AWS::ApiGatewayV2::Route': createRoute,
  'AWS::CloudWatch::Alarm': createAlarm,
  'AWS::DynamoDB::GlobalTable': createTable,
  'AWS::DynamoDB::Table': createTable,
  'AWS::Lambda::EventSourceMapping': createEventSourceMapping,
  'AWS::Lambda::Function': createFunction,
  'AWS::SNS::Subscription': createSubscription,
  'AWS::SNS::Topic': createTopic,
  'AWS::SQS::Queue': createQueue,
  // Access, encryption and logging: on this machine everybody may do everything, and logs go to the terminal.
  'AWS::ApiGatewayV2::Authorizer': nothing,
  'AWS::ApiGatewayV2::Stage': nothing,
  'AWS::CDK::Metadata': nothing,
  'AWS::CloudWatch::Dashboard': nothing,
  'AWS::IAM::ManagedPolicy': nothing,
  'AWS::IAM::Policy': nothing,
  'AWS::IAM::Role': nothing,
  'AWS::KMS::Alias': nothing,
  'AWS::KMS::Key': nothing,
  'AWS::Lambda::Permission': nothing,
  'AWS::Logs::LogGroup': nothing,
  'AWS::Logs::ResourcePolicy': nothing,
  'AWS::SNS::TopicPolicy': nothing,
  'AWS::SQS::QueuePolicy': nothing,
};
