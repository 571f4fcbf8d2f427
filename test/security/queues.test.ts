import { describe, expect, it } from 'vitest';
import { synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, readPolicies } from './policy/read-policies.ts';

const policies = readPolicies(synthesize());
const consumer = policies.roleOf('Inventory');
const queue = policies.resourceOf('Inventory', 'AWS::SQS::Queue', 'ConsumerQueuesQueue');
const deadLetters = policies.resourceOf('Inventory', 'AWS::SQS::Queue', 'ConsumerQueuesDeadLetterQueue');
const foreignQueue = policies.resourceOf('Email', 'AWS::SQS::Queue', 'ConsumerQueuesQueue');
const foreignTable = policies.resourceOf('Email', 'AWS::DynamoDB::Table');
const topic = policies.resourceOf('Bus', 'AWS::SNS::Topic', 'BusTopic');

describe('a consumer', () => {
  const may = (action: string, { arn, policies: resourcePolicies }: typeof queue) =>
    evaluate({
      identityPolicies: consumer.policies,
      resourcePolicies,
      request: {
        principal: { arn: consumer.arn },
        action,
        resource: arn,
        context: { 'aws:SecureTransport': 'true' },
      },
    });

  it.each([
    ['sqs:ReceiveMessage', queue],
    ['sqs:DeleteMessage', queue],
    ['sqs:SendMessage', deadLetters],
  ])('may %s with its own queue', (action, resource) => {
    expect(may(action, resource)).toBe('allowed');
  });

  it.each([
    ['sqs:SendMessage', queue],
    ['sqs:PurgeQueue', queue],
    ['sqs:DeleteQueue', queue],
    ['sqs:SetQueueAttributes', queue],
    ['sqs:ReceiveMessage', deadLetters],
    ['sqs:ReceiveMessage', foreignQueue],
    ['sqs:SendMessage', foreignQueue],
    ['dynamodb:PutItem', foreignTable],
  ])('may not %s with $1.arn', (action, resource) => {
    expect(may(action, resource)).toBe('denied by default');
  });
});

describe('the queue of a consumer', () => {
  const write = (service: string, context: Record<string, string>) =>
    evaluate({
      resourcePolicies: queue.policies,
      request: {
        principal: { service },
        action: 'sqs:SendMessage',
        resource: queue.arn,
        context: { 'aws:SecureTransport': 'true', ...context },
      },
    });

  it('takes messages of SNS for the topic of its bus', () => {
    expect(write('sns.amazonaws.com', { 'aws:SourceArn': topic.arn })).toBe('allowed');
  });

  it.each([
    ['another topic of the account', 'sns.amazonaws.com', `arn:aws:sns:us-east-1:${ACCOUNT}:other`],
    ['another service', 's3.amazonaws.com', topic.arn],
  ])('takes none of %s', (_, service, arn) => {
    expect(write(service, { 'aws:SourceArn': arn })).toBe('denied by default');
  });

  it('takes none without TLS', () => {
    expect(write('sns.amazonaws.com', { 'aws:SourceArn': topic.arn, 'aws:SecureTransport': 'false' })).toBe(
      'explicitly denied',
    );
  });
});
