import type { CreateResource } from './resource.ts';

/** A resource that others may refer to, but that has nothing to do on this machine. */
export const nothing: CreateResource = ({ name, logicalId }, { region, account }) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:local:${region}:${account}:${logicalId}`, RoleId: name },
});

/** Types that mean nothing here: everybody may do everything, and logs go to the terminal. */
export const WITHOUT_MEANING = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
] as const;
