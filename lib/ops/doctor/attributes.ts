import { queueName } from '../queue-name.ts';
import type { DeployedResource } from './read-stacks.ts';

/** Partition, region and account of a stack, from its ARN. */
export interface Location {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** @param arn ARN of a stack or of another resource with a region */
export function locationOf(arn: string): Location {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

type Attribute = (physicalId: string, location: Location) => string;

const arn =
  (service: string, resource: (id: string) => string): Attribute =>
  (id, { partition, region, account }) =>
    `arn:${partition}:${service}:${region}:${account}:${resource(id)}`;
/** ARNs of IAM have no region. */
const withoutRegion =
  (service: string, resource: (id: string) => string): Attribute =>
  (id, { partition, account }) =>
    `arn:${partition}:${service}::${account}:${resource(id)}`;
const itself: Attribute = (id) => id;

/**
 * Values of `Fn::GetAtt`, computed from the physical id, by type and attribute.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, Attribute>>>> = {
  'AWS::CloudWatch::Alarm': { Arn: arn('cloudwatch', (name) => `alarm:${name}`) },
  'AWS::DynamoDB::Table': { Arn: arn('dynamodb', (name) => `table/${name}`) },
  'AWS::IAM::Role': { Arn: withoutRegion('iam', (name) => `role/${name}`) },
  'AWS::KMS::Key': { Arn: arn('kms', (id) => `key/${id}`), KeyId: itself },
  'AWS::Lambda::Function': { Arn: arn('lambda', (name) => `function:${name}`) },
  'AWS::Logs::LogGroup': { Arn: arn('logs', (name) => `log-group:${name}:*`) },
  'AWS::S3::Bucket': { Arn: (name, { partition }) => `arn:${partition}:s3:::${name}` },
  'AWS::SNS::Topic': { TopicArn: itself, TopicName: queueName },
  'AWS::SQS::Queue': { Arn: arn('sqs', queueName), QueueName: queueName, QueueUrl: itself },
};

/** An attribute of a resource; undefined when it cannot be computed from the physical id. */
export function attributeOf(
  { type, physicalId }: DeployedResource,
  name: string,
  location: Location,
): string | undefined {
  return ATTRIBUTES[type]?.[name]?.(physicalId, location);
}
