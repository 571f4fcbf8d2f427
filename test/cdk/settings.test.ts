import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/constructs/settings.ts';
import { findAll, synthesize } from './synthesized.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

/** What a stage prod keeps, with how many there are in dev and in prod. */
const KEPT = [
  ['SQS::Queue', { dev: 12, prod: 12 }],
  ['DynamoDB::Table', { dev: 8, prod: 8 }],
  ['S3::Bucket', { dev: 1, prod: 2 }],
  ['KMS::Key', { dev: 1, prod: 1 }],
  ['Logs::LogGroup', { dev: 6, prod: 6 }],
] as const;

const resourcesOf = (stacks: ReadonlyMap<string, Stack>, type: string) =>
  [...stacks.values()].flatMap((stack) => Object.values(Template.fromStack(stack).findResources(type)));

describe('a setting that makes no sense is refused with what it may be', () => {
  it.each([
    ['an unknown stage', { stage: 'test' }, "stage 'test' does not exist; use dev or prod"],
    [
      'a misspelt setting',
      { alarmMail: 'a@example.com' },
      "'alarmMail' is no setting; -c takes stage, alarmEmail",
    ],
    ['prod with nobody to tell', { stage: 'prod' }, '-c stage=prod -c alarmEmail=you@example.com'],
    ['an address that is none', { alarmEmail: 'me' }, "alarmEmail 'me' is no e-mail address"],
    ['a setting without a value', { mailFrom: '' }, 'give it a value: -c mailFrom=...'],
    ['an issuer without an audience', { jwtIssuer: 'https://issuer.example.com' }, 'add -c jwtAudience=...'],
    ['an audience without an issuer', { jwtAudience: 'shop' }, 'add -c jwtIssuer=...'],
    ['a key that is neither', { dataKey: 'mine' }, "dataKey 'mine' does not exist; use aws (keys of"],
    ['an issuer that is no URL', { jwtIssuer: 'issuer', jwtAudience: 'shop' }, 'is no https URL'],
  ])('%s', (_, context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

describe('stage prod', () => {
  const stacks = synthesize({ stage: 'prod', alarmEmail: 'ops@example.com' });

  it('restores, protects and keeps tables', () => {
    for (const { properties } of findAll(stacks, 'AWS::DynamoDB::Table')) {
      expect(properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(properties.DeletionProtectionEnabled).toBe(true);
    }
  });

  it('protects every stack against deletion', () => {
    expect([...stacks].filter(([, stack]) => !stack.terminationProtection)).toEqual([]);
  });

  it.each(KEPT)('keeps every %s when its stack is destroyed or an update replaces it', (type, counts) => {
    const kept = resourcesOf(stacks, `AWS::${type}`);
    expect(kept).toHaveLength(counts.prod);
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept)
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  });

  it('tells somebody of alarms', () => {
    const [subscription] = findAll(stacks, 'AWS::SNS::Subscription').filter(
      ({ properties }) => properties.Protocol === 'email',
    );
    expect(subscription?.properties.Endpoint).toBe('ops@example.com');
  });

  it('can live beside stage dev: its stacks have other names', () => {
    for (const stack of stacks.values()) expect(stack.stackName).toMatch(/^Fanfare-prod-/);
  });
});

describe('stage dev', () => {
  const stacks = synthesize();

  it('can be destroyed at any time, and leaves nothing behind', () => {
    expect([...stacks].filter(([, stack]) => stack.terminationProtection)).toEqual([]);
    for (const [type, { dev }] of KEPT) {
      const policies = resourcesOf(stacks, `AWS::${type}`).map(({ DeletionPolicy }) => DeletionPolicy);
      expect(policies, type).toEqual(Array.from({ length: dev }, () => 'Delete'));
    }
  });
});

it('opens the API to bearers of tokens when an issuer is set', () => {
  const bus =
    synthesize({ jwtIssuer: 'https://issuer.example.com', jwtAudience: 'shop' }).get('Bus') ?? expect.fail();
  Template.fromStack(bus).hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT' });
});
