import { expect, it } from 'vitest';
import { resolve, type StackPair, UNRESOLVED } from '../../../../lib/ops/doctor/resolve.ts';

const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders';

function pair(stackName: string, template: StackPair['template']): StackPair {
  return {
    template,
    resources: new Map([
      ['Queue', { type: 'AWS::SQS::Queue', physicalId: QUEUE }],
      ['Role', { type: 'AWS::IAM::Role', physicalId: 'reader' }],
      ['Api', { type: 'AWS::ApiGatewayV2::Api', physicalId: 'a1b2' }],
    ]),
    deployed: {
      stackName,
      id: `arn:aws:cloudformation:eu-west-1:111122223333:stack/${stackName}/0a1b-2c3d`,
      status: 'UPDATE_COMPLETE',
      tags: {},
      outputs: { Url: 'https://api.example.com' },
      parameters: {
        busTopicArn: 'arn:aws:sns:eu-west-1:111122223333:Topic',
        'shop-dev-data-k2m9': 'shop-dev-data',
      },
      terminationProtection: false,
    },
  };
}

const bus = pair('Bus', {
  Outputs: { Exported: { Value: { Ref: 'Queue' }, Export: { Name: 'Bus:Queue' } } },
});
const email = pair('Email', {});
const pairs = new Map([
  ['Bus', bus],
  ['Email', email],
]);

it.each<[string, unknown, unknown]>([
  ['a resource', { Ref: 'Queue' }, QUEUE],
  ['the ARN of a queue', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-west-1:111122223333:orders'],
  ['the ARN of a role', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::111122223333:role/reader'],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
  ['a text of parts', { 'Fn::Join': [':', ['a', { Ref: 'AWS::AccountId' }]] }, 'a:111122223333'],
  ['a part of a text', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b'] }] }, 'b'],
  ['a template of a text', { 'Fn::Sub': `${'$'}{Queue.QueueName}-${'$'}{AWS::Region}` }, 'orders-eu-west-1'],
  ['a parameter of the bus', { Ref: 'busTopicArn' }, 'arn:aws:sns:eu-west-1:111122223333:Topic'],
  ['a name of AWS that is another here', { Bucket: 'shop-dev-data-k2m9' }, { Bucket: 'shop-dev-data' }],
  ['an import', { 'Fn::ImportValue': 'Bus:Queue' }, QUEUE],
  ['an output', { 'Fn::GetStackOutput': { StackName: 'Bus', OutputName: 'Url' } }, 'https://api.example.com'],
  ['a property that is taken away', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  ['what is within', { a: [{ b: { Ref: 'AWS::Partition' } }] }, { a: [{ b: 'aws' }] }],
])('resolves %s', (_, value, resolved) => {
  expect(resolve(value, email, pairs)).toEqual(resolved);
});

it.each<[string, unknown, unknown]>([
  ['a parameter', { Ref: 'BootstrapVersion' }, UNRESOLVED],
  ['an attribute that no physical id tells', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, UNRESOLVED],
  ['an import of nobody', { 'Fn::ImportValue': 'Other:Queue' }, UNRESOLVED],
  ['a condition', { 'Fn::If': ['IsProd', 1, 2] }, UNRESOLVED],
  ['a part', { 'Fn::Join': ['/', ['a', { Ref: 'Nobody' }]] }, `a/${UNRESOLVED}`],
  ['what is split', { 'Fn::Select': [0, { 'Fn::Split': ['-', { Ref: 'Nobody' }] }] }, UNRESOLVED],
])('leaves open %s', (_, value, resolved) => {
  expect(resolve(value, email, pairs)).toEqual(resolved);
});
