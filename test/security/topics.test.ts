import { describe, expect, it } from 'vitest';
import { findAll, synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import type { Request } from './policy/policy.ts';
import { ACCOUNT, REGION, readPolicies, type WithPolicies } from './policy/read-policies.ts';

const stacks = synthesize();
const policies = readPolicies(stacks);
const eventTopic = policies.resourceOf('Bus', 'AWS::SNS::Topic', 'BusTopic');
const alarmTopic = policies.resourceOf('Bus', 'AWS::SNS::Topic', 'BusAlarms');
const key = policies.resourceOf('Bus', 'AWS::KMS::Key');
const STRANGER = '444455556666';

/** What a role of the account may do that IAM lets do everything. */
function askAsAdministrator({ arn, policies: resourcePolicies }: WithPolicies, request: Partial<Request>) {
  return evaluate({
    identityPolicies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    resourcePolicies,
    request: {
      principal: { arn: `arn:aws:iam::${ACCOUNT}:role/administrator` },
      action: 'sns:Subscribe',
      resource: arn,
      ...request,
      context: { 'aws:SecureTransport': 'true', ...request.context },
    },
  });
}

describe('the topic of all events', () => {
  const subscribe = (protocol: string, endpoint: string) =>
    askAsAdministrator(eventTopic, { context: { 'sns:Protocol': protocol, 'sns:Endpoint': endpoint } });

  it('delivers to queues of its account', () => {
    expect(subscribe('sqs', `arn:aws:sqs:${REGION}:${ACCOUNT}:work`)).toBe('allowed');
  });

  it.each([
    ['an address', 'email', 'somebody@example.com'],
    ['a web server', 'https', 'https://example.com'],
    ['a web server without TLS', 'http', 'http://example.com'],
    ['a telephone', 'sms', '+4912345'],
    ['a function', 'lambda', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:copy`],
    ['a stream', 'firehose', `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/copy`],
    ['a queue of another account', 'sqs', `arn:aws:sqs:${REGION}:${STRANGER}:copy`],
    ['an address that looks like a queue', 'email', `arn:aws:sqs:${REGION}:${ACCOUNT}:work`],
  ])('does not deliver to %s, whoever asks for it', (_, protocol, endpoint) => {
    expect(subscribe(protocol, endpoint)).toBe('explicitly denied');
  });

  it('has no subscriber in the stacks that it would refuse', () => {
    const protocols = findAll(stacks, 'AWS::SNS::Subscription').map(({ properties }) => properties.Protocol);
    expect(new Set(protocols)).toEqual(new Set(['sqs']));
  });

  it('takes events over TLS only', () => {
    const context = { 'aws:SecureTransport': 'false' };
    expect(askAsAdministrator(eventTopic, { action: 'sns:Publish', context })).toBe('explicitly denied');
  });
});

describe('CloudWatch', () => {
  const alarm = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:shop-dev-Email-DeadLetters`;
  const ask = (
    { arn, policies: resourcePolicies }: WithPolicies,
    action: string,
    [sourceArn, sourceAccount]: readonly [string, string] = [alarm, ACCOUNT],
    service = 'cloudwatch.amazonaws.com',
  ) =>
    evaluate({
      resourcePolicies,
      request: {
        principal: { service },
        action,
        resource: arn,
        context: {
          'aws:SecureTransport': 'true',
          'aws:SourceArn': sourceArn,
          'aws:SourceAccount': sourceAccount,
        },
      },
    });

  const needed: readonly (readonly [string, WithPolicies])[] = [
    ['sns:Publish', alarmTopic],
    ['kms:GenerateDataKey', key],
    ['kms:Decrypt', key],
  ];

  it.each(needed)('may %s for an alarm of the account', (action, resource) => {
    expect(ask(resource, action)).toBe('allowed');
  });

  it.each(needed)('may not %s for anybody else', (action, resource) => {
    const foreign = `arn:aws:cloudwatch:${REGION}:${STRANGER}:alarm:any`;
    const stream = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:metric-stream/any`;
    const elsewhere = `arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:any`;
    expect(ask(resource, action, [foreign, STRANGER])).toBe('denied by default');
    expect(ask(resource, action, [foreign, ACCOUNT])).toBe('denied by default');
    expect(ask(resource, action, [alarm, STRANGER])).toBe('denied by default');
    expect(ask(resource, action, [stream, ACCOUNT])).toBe('denied by default');
    expect(ask(resource, action, [elsewhere, ACCOUNT])).toBe('denied by default');
    expect(ask(resource, action, [alarm, ACCOUNT], 'events.amazonaws.com')).toBe('denied by default');
  });

  it('may not publish events, nor manage the key', () => {
    expect(ask(eventTopic, 'sns:Publish')).toBe('denied by default');
    for (const action of ['kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:ScheduleKeyDeletion', 'kms:Encrypt'])
      expect(ask(key, action)).toBe('denied by default');
  });
});

describe('a publisher', () => {
  const use = (stack: string, action: string, context: Request['context'], resource = key) => {
    const role = policies.roleOf(stack);
    return evaluate({
      identityPolicies: role.policies,
      resourcePolicies: resource.policies,
      request: { principal: { arn: role.arn }, action, resource: resource.arn, context },
    });
  };
  const viaSns = { 'kms:ViaService': `sns.${REGION}.amazonaws.com` };

  it.each([
    ['Bus', 'kms:GenerateDataKey'],
    ['Bus', 'kms:Decrypt'],
    ['Inventory', 'kms:GenerateDataKey'],
    ['Inventory', 'kms:Decrypt'],
  ])('(%s) may %s through SNS, and only so', (stack, action) => {
    expect(use(stack, action, viaSns)).toBe('allowed');
    expect(use(stack, action, {})).toBe('denied by default');
    expect(use(stack, action, { 'kms:ViaService': `s3.${REGION}.amazonaws.com` })).toBe('denied by default');
    expect(use(stack, action, { 'kms:ViaService': 'sns.eu-west-1.amazonaws.com' })).toBe('denied by default');
  });

  it('may publish to the topic of events, and not to that of alarms', () => {
    const tls = { 'aws:SecureTransport': 'true' };
    expect(use('Inventory', 'sns:Publish', tls, eventTopic)).toBe('allowed');
    expect(use('Inventory', 'sns:Publish', tls, alarmTopic)).toBe('denied by default');
    const ownQueue = { 'sns:Protocol': 'sqs', 'sns:Endpoint': `arn:aws:sqs:${REGION}:${ACCOUNT}:work` };
    expect(use('Inventory', 'sns:Subscribe', { ...tls, ...ownQueue }, eventTopic)).toBe('denied by default');
  });

  it('is nobody who emits nothing', () => {
    expect(use('Analytics', 'kms:GenerateDataKey', viaSns)).toBe('denied by default');
    expect(use('Analytics', 'sns:Publish', { 'aws:SecureTransport': 'true' }, eventTopic)).toBe(
      'denied by default',
    );
  });
});

it('lets only the HTTP API of the bus call the publish function', () => {
  for (const { properties } of findAll(stacks, 'AWS::Lambda::Permission')) {
    expect(properties.Principal).toBe('apigateway.amazonaws.com');
    expect(JSON.stringify(properties.SourceArn)).toContain('BusHttpApi');
  }
});
