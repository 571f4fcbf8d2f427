import type { CreateResource } from './resource.ts';

/** Attributes by which other resources refer to it, besides its ARN. */
const IDS = ['AllocationId', 'DefaultSecurityGroup', 'GroupId', 'Id', 'RoleId', 'SubnetId', 'VpcId'] as const;

/** Creates nothing on this machine, and returns ids that other resources can refer to. */
export const noop: CreateResource = ({ name, logicalId }, { region, account }) => ({
  physicalId: name,
  attributes: {
    Arn: `arn:aws:local:${region}:${account}:${logicalId}`,
    ...Object.fromEntries(IDS.map((id) => [id, name])),
  },
});

/** Types without a local counterpart: there are no permissions and no networks here, secrets come from a file, and logs go to the terminal. */
export const NOOP_TYPES = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::Chatbot::SlackChannelConfiguration',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::EIP',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::Events::EventBus',
  'AWS::Events::EventBusPolicy',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::Lambda::LayerVersion',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SecretsManager::Secret',
] as const;
