import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { findAll, synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, REGION, readPolicies } from './policy/read-policies.ts';

const PROD = { stage: 'prod', alarmEmail: 'ops@example.com', mailFrom: 'orders@shop.dev' };

describe('with a key of the account', () => {
  const stacks = synthesize({ ...PROD, dataKey: 'own' });
  const policies = readPolicies(stacks);
  const key = policies.resourceOf('Bus', 'AWS::KMS::Key', 'BusDataKey');
  const busKey = policies.resourceOf('Bus', 'AWS::KMS::Key', 'BusKey');

  it('every log group is encrypted with it, whatever stack it is in', () => {
    const groups = findAll(stacks, 'AWS::Logs::LogGroup');
    // The publish function, the API, the archive, its replays, receipts, later events, the controller, and four consumers.
    expect(groups).toHaveLength(11);
    for (const { where, properties } of groups)
      expect(JSON.stringify(properties.KmsKeyId), where).toMatch(/BusDataKey|BusdataKeyArn/);
  });

  it('the bucket of large data is encrypted with it', () => {
    const bucket = findAll(stacks, 'AWS::S3::Bucket').find(({ where }) => !where.includes('AccessLogs'));
    const [rule] = bucket?.properties.BucketEncryption.ServerSideEncryptionConfiguration ?? [];
    expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
    expect(JSON.stringify(rule.ServerSideEncryptionByDefault.KMSMasterKeyID)).toContain('BusDataKey');
    expect(rule.BucketKeyEnabled).toBe(true);
  });

  it.each([
    ['a log group of the stage', 'shop-prod-Email-ConsumerFunctionLogGroup', ACCOUNT, 'allowed'],
    ['a log group of another stage', 'shop-dev-Email-ConsumerFunctionLogGroup', ACCOUNT, 'denied by default'],
    ['any other log group', '/aws/lambda/other', ACCOUNT, 'denied by default'],
    ['another account', 'shop-prod-Email-ConsumerFunctionLogGroup', '444455556666', 'denied by default'],
  ])('CloudWatch may use it for %s: $3', (_, group, account, decision) => {
    const context = {
      'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${account}:log-group:${group}`,
    };
    const principal = { service: `logs.${REGION}.amazonaws.com` };
    const resourcePolicies = key.policies;
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) {
      const request = { principal, action, resource: key.arn, context };
      expect(evaluate({ resourcePolicies, request })).toBe(decision);
    }
  });

  const use = (stack: string, action: string, service: string, resource = key) => {
    const role = policies.roleOf(stack);
    return evaluate({
      identityPolicies: role.policies,
      resourcePolicies: resource.policies,
      request: {
        principal: { arn: role.arn },
        action,
        resource: resource.arn,
        context: { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` },
      },
    });
  };

  it.each([
    ['Bus', 'kms:GenerateDataKey', 's3', 'allowed'],
    ['Bus', 'kms:Decrypt', 's3', 'denied by default'],
    ['Bus', 'kms:GenerateDataKey', 'sns', 'denied by default'],
    ['Email', 'kms:Decrypt', 's3', 'allowed'],
    ['Email', 'kms:Decrypt', 'logs', 'denied by default'],
    ['Email', 'kms:GenerateDataKey', 's3', 'denied by default'],
    ['Inventory', 'kms:Decrypt', 'sns', 'denied by default'],
  ])('%s and %s through %s: %s', (stack, action, service, decision) => {
    expect(use(stack, action, service)).toBe(decision);
  });

  it('the key of the topic is of no use for the bucket', () => {
    expect(use('Inventory', 'kms:Decrypt', 's3', busKey)).toBe('denied by default');
    expect(use('Inventory', 'kms:Decrypt', 'sns', busKey)).toBe('allowed');
  });

  it('no template changes for a stage that has none', () => {
    const without = synthesize(PROD);
    expect(findAll(without, 'AWS::KMS::Key')).toHaveLength(1);
    for (const stack of without.values())
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('BusDataKey');
  });
});

describe('access logs of the bucket', () => {
  const stacks = synthesize(PROD);
  const policies = readPolicies(stacks);
  const data = policies.resourceOf('Bus', 'AWS::S3::Bucket', 'BusDataF');
  const logs = policies.resourceOf('Bus', 'AWS::S3::Bucket', 'BusDataAccessLogs');

  it('are written in stage prod', () => {
    const bucket = findAll(stacks, 'AWS::S3::Bucket').find(({ where }) => !where.includes('AccessLogs'));
    expect(JSON.stringify(bucket?.properties.LoggingConfiguration)).toContain('BusDataAccessLogs');
  });

  const deliver = (service: string, sourceArn: string, account: string) =>
    evaluate({
      resourcePolicies: logs.policies,
      request: {
        principal: { service },
        action: 's3:PutObject',
        resource: `${logs.arn}/log`,
        context: {
          'aws:SecureTransport': 'true',
          'aws:SourceArn': sourceArn,
          'aws:SourceAccount': account,
        },
      },
    });

  it('are delivered by S3, for this bucket of this account only', () => {
    const logging = 'logging.s3.amazonaws.com';
    expect(deliver(logging, data.arn, ACCOUNT)).toBe('allowed');
    expect(deliver(logging, 'arn:aws:s3:::other', ACCOUNT)).toBe('denied by default');
    expect(deliver(logging, data.arn, '444455556666')).toBe('denied by default');
    expect(deliver('s3.amazonaws.com', data.arn, ACCOUNT)).toBe('denied by default');
  });

  it.each(['Bus', 'Email', 'Inventory'])('are neither read nor written by the function of %s', (stack) => {
    const role = policies.roleOf(stack);
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket']) {
      const decision = evaluate({
        identityPolicies: role.policies,
        resourcePolicies: logs.policies,
        request: {
          principal: { arn: role.arn },
          action,
          resource: action === 's3:ListBucket' ? logs.arn : `${logs.arn}/events/any`,
          context: { 'aws:SecureTransport': 'true' },
        },
      });
      expect(decision).toBe('denied by default');
    }
  });

  it('are private, encrypted and forgotten with all other logs', () => {
    const bucket = findAll(stacks, 'AWS::S3::Bucket').find(({ where }) => where.includes('AccessLogs'));
    const retentions = findAll(stacks, 'AWS::Logs::LogGroup').map(
      ({ properties }) => properties.RetentionInDays,
    );
    const [rule] = bucket?.properties.LifecycleConfiguration.Rules ?? [];
    expect(new Set([...retentions, rule.ExpirationInDays]).size).toBe(1);
    expect(rule.Prefix ?? '').toBe('');
    expect(bucket?.properties.PublicAccessBlockConfiguration.RestrictPublicBuckets).toBe(true);
  });
});
