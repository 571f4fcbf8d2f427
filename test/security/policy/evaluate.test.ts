import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import type { Request, Statement } from './policy.ts';

const ROLE = 'arn:aws:iam::111122223333:role/carlos';
const STRANGER = 'arn:aws:iam::444455556666:role/stranger';
const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:work';

const allow = (Action: string, Resource: string, Condition?: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const deny = (Action: string, Resource: string): Statement => ({ Effect: 'Deny', Action, Resource });
const ask = (request: Partial<Request> = {}): Request => ({
  principal: { arn: ROLE },
  action: 'sqs:SendMessage',
  resource: QUEUE,
  ...request,
});
const decide = (identity: readonly Statement[], resource: readonly Statement[] = [], request = ask()) =>
  evaluate({
    identityPolicies: [{ Statement: identity }],
    resourcePolicies: resource.length > 0 ? [{ Statement: resource }] : [],
    request,
  });

/** The example of AWS's page: what Carlos may do with the buckets of his account. */
describe("AWS's example of identity and resource policies", () => {
  const identity = [
    allow('s3:GetBucketLocation', 'arn:aws:s3:::*'),
    allow('s3:*', 'arn:aws:s3:::carlos/*'),
    deny('s3:*', 'arn:aws:s3:::*log*'),
  ];
  const onBucket: Statement = {
    ...allow('s3:*', 'arn:aws:s3:::carlos-logs/*'),
    Principal: { AWS: ROLE },
  };

  it.each([
    ['his own files', 's3:PutObject', 'arn:aws:s3:::carlos/a.txt', 'allowed'],
    ['logs, although the bucket lets him', 's3:PutObject', 'arn:aws:s3:::carlos-logs/a', 'explicitly denied'],
    ['what nobody speaks of', 's3:PutObject', 'arn:aws:s3:::others/a.txt', 'denied by default'],
  ])('decides on %s', (_, action, resource, decision) => {
    expect(decide(identity, [onBucket], ask({ action, resource }))).toBe(decision);
  });
});

describe('who may', () => {
  const onQueue = (Principal: Statement['Principal']): Statement => ({
    ...allow('sqs:SendMessage', QUEUE),
    Principal,
  });

  it.each([
    ['the role by its own policy', [allow('sqs:SendMessage', QUEUE)], [], ROLE, 'allowed'],
    ['the role that the resource names', [], [onQueue({ AWS: ROLE })], ROLE, 'allowed'],
    ['anybody where the resource says *', [], [onQueue('*')], ROLE, 'allowed'],
    ['nobody by the account alone', [], [onQueue({ AWS: '111122223333' })], ROLE, 'denied by default'],
    ['a stranger by his policy alone', [allow('sqs:*', '*')], [], STRANGER, 'denied by default'],
    ['a stranger by the resource alone', [], [onQueue({ AWS: STRANGER })], STRANGER, 'denied by default'],
    [
      'a stranger by both',
      [allow('sqs:*', '*')],
      [onQueue({ AWS: 'arn:aws:iam::444455556666:root' })],
      STRANGER,
      'allowed',
    ],
  ])('%s', (_, identity, resource, arn, decision) => {
    expect(decide(identity, resource, ask({ principal: { arn } }))).toBe(decision);
  });

  it('lets everybody of its own account in where the resource says *, and of another only with leave at home', () => {
    const everybody = onQueue('*');
    const stranger = ask({ principal: { arn: STRANGER } });
    expect(decide([], [everybody])).toBe('allowed');
    expect(decide([], [everybody], stranger)).toBe('denied by default');
    expect(decide([allow('sqs:*', '*')], [everybody], stranger)).toBe('allowed');
  });

  it('knows the account of a resource whose ARN has none', () => {
    const onBucket: Statement = {
      ...allow('s3:GetObject', 'arn:aws:s3:::data/*'),
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
    };
    const request = ask({
      principal: { arn: STRANGER },
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::data/a',
      resourceAccount: '111122223333',
    });
    const identity = [allow('s3:GetObject', '*')];
    expect(decide(identity, [onBucket], request)).toBe('allowed');
    expect(decide(identity, [], request)).toBe('denied by default');
    expect(decide([], [onBucket], request)).toBe('denied by default');
  });

  it('lets a service in by the resource only, and only that service', () => {
    const principal = { service: 'sns.amazonaws.com' };
    const policy = onQueue({ Service: 'sns.amazonaws.com' });
    expect(decide([], [policy], ask({ principal }))).toBe('allowed');
    expect(decide([], [policy], ask({ principal: { service: 's3.amazonaws.com' } }))).toBe(
      'denied by default',
    );
    expect(decide([allow('*', '*')], [], ask({ principal }))).toBe('denied by default');
  });

  it('denies a service what everybody is denied', () => {
    const nobody: Statement = { ...deny('sqs:*', QUEUE), Principal: { AWS: '*' } };
    const policies = [onQueue({ Service: 'sns.amazonaws.com' }), nobody];
    expect(decide([], policies, ask({ principal: { service: 'sns.amazonaws.com' } }))).toBe(
      'explicitly denied',
    );
  });

  it('lets a key be used by an identity only if its own policy leaves that to the account', () => {
    const request = ask({ action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:111122223333:key/k' });
    const identity = [allow('kms:Decrypt', '*')];
    const toAccount: Statement = {
      ...allow('kms:*', '*'),
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    };
    expect(decide(identity, [], request)).toBe('denied by default');
    expect(decide([], [toAccount], request)).toBe('denied by default');
    expect(decide(identity, [toAccount], request)).toBe('allowed');
  });
});

describe('actions and resources', () => {
  it.each([
    ['an action in other letters', 'SQS:sendmessage', QUEUE, 'allowed'],
    ['part of an action', 'sqs:Send', QUEUE, 'denied by default'],
    ['a pattern of actions', 'sqs:Send*', QUEUE, 'allowed'],
    ['one unknown character', 'sqs:SendMessage', `${QUEUE.slice(0, -1)}?`, 'allowed'],
    ['a resource in other letters', 'sqs:SendMessage', QUEUE.toUpperCase(), 'denied by default'],
    ['a name that only begins the same', 'sqs:SendMessage', QUEUE.slice(0, -1), 'denied by default'],
    ['dots as dots', 'sqs:SendMessage', QUEUE.replace('work', 'w.rk'), 'denied by default'],
  ])('match %s', (_, action, resource, decision) => {
    expect(decide([allow(action, resource)])).toBe(decision);
  });

  it('match a resource that is named by a policy variable', () => {
    const own = allow('sqs:SendMessage', `arn:aws:sqs:*:\${aws:PrincipalAccount}:*`);
    expect(decide([own])).toBe('allowed');
    expect(decide([own], [], ask({ principal: { arn: STRANGER } }))).toBe('denied by default');
  });

  it('match all but what NotAction and NotResource list', () => {
    const all = { Effect: 'Allow', NotAction: 'sqs:Delete*', NotResource: '*:secret' } as const;
    expect(decide([all])).toBe('allowed');
    expect(decide([all], [], ask({ action: 'sqs:DeleteQueue' }))).toBe('denied by default');
    expect(decide([all], [], ask({ resource: 'arn:aws:sqs:us-east-1:111122223333:secret' }))).toBe(
      'denied by default',
    );
  });
});

describe('conditions', () => {
  const TOPIC = 'arn:aws:sns:us-east-1:111122223333:events';
  const holds = (Condition: Statement['Condition'], context: Request['context'] = {}): boolean =>
    decide([allow('sqs:SendMessage', QUEUE, Condition)], [], ask({ context })) === 'allowed';

  it.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', 'a', 'a', false],
    ['StringLike', 'orders/*', 'orders/1', true],
    ['StringNotLike', 'orders/*', 'orders/1', false],
    ['Bool', 'false', 'false', true],
    ['Bool', 'true', 'false', false],
    ['NumericLessThanEquals', '5', '5', true],
    ['NumericGreaterThan', '5', '10', true],
    ['ArnEquals', TOPIC, TOPIC, true],
    ['ArnLike', 'arn:aws:sns:*:111122223333:*', TOPIC, true],
    ['ArnLike', 'arn:aws:*', TOPIC, false],
    ['ArnNotEquals', TOPIC, TOPIC, false],
  ])('%s %s holds of %s: %s', (operator, expected, actual, result) => {
    expect(holds({ [operator]: { 'x:Key': expected } }, { 'x:Key': actual })).toBe(result);
  });

  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['Bool', false],
  ])('%s of a key that the request does not have: %s', (operator, result) => {
    expect(holds({ [operator]: { 'x:Key': 'a' } })).toBe(result);
  });

  it('tell by Null whether there is a key', () => {
    expect(holds({ Null: { 'x:Key': 'true' } })).toBe(true);
    expect(holds({ Null: { 'x:Key': 'true' } }, { 'x:Key': 'a' })).toBe(false);
    expect(holds({ Null: { 'x:Key': false } }, { 'x:Key': 'a' })).toBe(true);
  });

  it('take any of several expected values, or with a negation none', () => {
    expect(holds({ StringEquals: { 'x:Key': ['a', 'b'] } }, { 'x:Key': 'b' })).toBe(true);
    expect(holds({ StringNotEquals: { 'x:Key': ['a', 'b'] } }, { 'x:Key': 'b' })).toBe(false);
  });

  it('hold only together, for every operator and every key', () => {
    const both = { StringEquals: { 'x:One': '1', 'x:Two': '2' }, Bool: { 'x:Three': 'true' } };
    const context = { 'x:One': '1', 'x:Two': '2', 'x:Three': 'true' };
    expect(holds(both, context)).toBe(true);
    for (const key of Object.keys(context)) expect(holds(both, { ...context, [key]: 'other' })).toBe(false);
  });

  it('compare each of several values with ForAllValues, one with ForAnyValue', () => {
    const context = { 'x:Keys': ['a', 'c'] };
    const expected = { 'x:Keys': ['a', 'b'] };
    expect(holds({ 'ForAllValues:StringEquals': expected }, context)).toBe(false);
    expect(holds({ 'ForAnyValue:StringEquals': expected }, context)).toBe(true);
    expect(() => holds({ StringEquals: expected }, context)).toThrow('use ForAllValues or ForAnyValue');
  });

  it('find a key in any letters, and know who asks', () => {
    expect(holds({ StringEquals: { 'AWS:sourceaccount': '1' } }, { 'aws:SourceAccount': '1' })).toBe(true);
    expect(holds({ ArnEquals: { 'aws:PrincipalArn': ROLE } })).toBe(true);
    expect(holds({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } })).toBe(true);
  });

  it('put the values of the request in place of policy variables', () => {
    const queues = { StringLike: { 'sns:Endpoint': `arn:aws:sqs:*:\${aws:PrincipalAccount}:*` } };
    expect(holds(queues, { 'sns:Endpoint': QUEUE })).toBe(true);
    expect(holds(queues, { 'sns:Endpoint': QUEUE.replace('111122223333', '444455556666') })).toBe(false);
    const not = { StringNotLike: queues.StringLike };
    expect(holds(not, { 'sns:Endpoint': QUEUE })).toBe(false);
  });

  it('are refused with a policy variable of several values, or of a value that is a pattern', () => {
    const condition = { StringEquals: { 'x:Key': `\${x:Other}` } };
    for (const value of [['a', 'b'], '*'])
      expect(() => holds(condition, { 'x:Key': 'a', 'x:Other': value })).toThrow('policy variable');
  });

  it('are refused with a policy variable that the request does not have, so that nothing passes by it', () => {
    const condition = { StringEquals: { 'x:Key': 'a' }, StringLike: { 'x:Key': `\${aws:username}` } };
    expect(() => holds(condition, { 'x:Key': 'a' })).toThrow('policy variable');
  });

  it('are refused when their operator is not known, so that nothing passes by it', () => {
    expect(() => holds({ DateGreaterThan: { 'x:Key': '2020-01-01' } }, { 'x:Key': 'a' })).toThrow(
      'DateGreaterThan is not supported',
    );
  });
});
