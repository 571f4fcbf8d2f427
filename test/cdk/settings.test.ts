import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/constructs/settings.ts';
import { findAll, synthesize } from './synthesized.ts';

const read = (context: Record<string, unknown>) =>
  readSettings(new App({ context: { app: 'shop', ...context } }).node);

/** What a stage prod keeps, with how many there are in dev and in prod. */
const KEPT = [
  ['SQS::Queue', { dev: 22, prod: 22 }],
  ['DynamoDB::Table', { dev: 11, prod: 11 }],
  ['S3::Bucket', { dev: 1, prod: 2 }],
  ['KMS::Key', { dev: 1, prod: 1 }],
  ['Scheduler::ScheduleGroup', { dev: 1, prod: 1 }],
  ['Logs::LogGroup', { dev: 11, prod: 11 }],
] as const;

const resourcesOf = (stacks: ReadonlyMap<string, Stack>, type: string) =>
  [...stacks.values()].flatMap((stack) => Object.values(Template.fromStack(stack).findResources(type)));

describe('a setting that makes no sense is refused with what it may be', () => {
  it.each([
    ['an app without a name', { app: undefined }, 'write "context": { "app": "bookshop" } in cdk.json'],
    [
      'an app with a dash',
      { app: 'book-shop' },
      "app 'book-shop' cannot begin the names of stacks; use 1 to 20",
    ],
    ['an app with a long name', { app: 'a'.repeat(21) }, 'use 1 to 20 lower case letters and digits'],
    [
      'a stage in capitals',
      { stage: 'Test' },
      "stage 'Test' cannot be a part of the names of stacks; use 1 to 20",
    ],
    ['a stage with a dash at its end', { stage: 'dev-' }, "stage 'dev-' cannot be a part"],
    [
      'a stage with a long name',
      { stage: 'a'.repeat(21) },
      'use 1 to 20 lower case letters, digits and single',
    ],
    [
      'an unknown profile',
      { profile: 'test' },
      "profile 'test' does not exist; use dev (leaves nothing behind)",
    ],
    [
      'a misspelt setting',
      { alarmMail: 'a@example.com' },
      "'alarmMail' is no setting; did you mean alarmEmail?",
    ],
    ['letters in another order', { alarmEmial: 'a@example.com' }, 'did you mean alarmEmail?'],
    ['a setting in small letters', { alarmurl: 'https://a.example.com' }, 'did you mean alarmUrl?'],
    ['a setting in the plural', { stages: 'dev' }, 'did you mean stage?'],
    [
      'a stage of profile prod with nobody to tell',
      { stage: 'live', profile: 'prod' },
      '-c stage=live -c alarmEmail=you@example.com',
    ],
    ['prod with nobody to tell', { stage: 'prod' }, '-c stage=prod -c alarmEmail=you@example.com'],
    ['an address that is none', { alarmEmail: 'me' }, "alarmEmail 'me' is no e-mail address"],
    ['a setting without a value', { mailFrom: '' }, 'give it a value: -c mailFrom=...'],
    ['an issuer without an audience', { jwtIssuer: 'https://issuer.example.com' }, 'add -c jwtAudience=...'],
    ['an audience without an issuer', { jwtAudience: 'shop' }, 'add -c jwtIssuer=...'],
    ['a key that is neither', { dataKey: 'mine' }, "dataKey 'mine' does not exist; use aws (keys of"],
    ['exports that are neither', { exports: 'yes' }, "exports 'yes' does not exist; use keep"],
    ['an archive by halves', { archive: 'some' }, "archive 'some' does not exist; use on or off"],
    ['a table by halves', { archiveTable: 'yes' }, "archiveTable 'yes' does not exist; use on or off"],
    ['a lifetime that is none', { archiveDays: '0' }, 'archiveDays is "0"; give it a whole number of days'],
    [
      'a move after the deletion',
      { archiveDays: '30', archiveColdDays: '30' },
      'S3 would delete the events before it moves them',
    ],
    [
      'a lifetime of an archive that is off',
      { archive: 'off', archiveDays: '30' },
      'archiveDays is set, but archive is off',
    ],
    ['a misspelt setting of the archive', { archiveDay: '3' }, 'did you mean archiveDays?'],
    ['tracing by halves', { xray: 'some' }, "xray 'some' does not exist; use on"],
    ['an issuer that is no URL', { jwtIssuer: 'issuer', jwtAudience: 'shop' }, 'is no https URL'],
  ])('%s', (_, context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

it("lets an app's own keys pass", () => {
  const own = {
    owner: 'team-books',
    vpcId: 'vpc-1',
    image: 'a',
    storage: 'b',
    api: 'c',
    map: 'd',
    table: 'e',
  };
  expect(read(own).stage.name).toBe('dev');
});

describe('a stage', () => {
  const alarmEmail = 'ops@example.com';

  it.each([
    ['is dev unless it is named', {}, 'dev', 'dev'],
    ['may have any name, and is kept like dev', { stage: 'ada-2' }, 'ada-2', 'dev'],
    ['is kept like prod when it is prod', { stage: 'prod', alarmEmail }, 'prod', 'prod'],
    ['is kept like prod when that is said', { stage: 'live', profile: 'prod', alarmEmail }, 'live', 'prod'],
    ['is kept like dev when that is said', { stage: 'prod', profile: 'dev' }, 'prod', 'dev'],
  ] as const)('%s', (_, context, name, profile) => {
    const { stage } = read(context);
    expect(stage).toMatchObject({ app: 'shop', name, profile, terminationProtection: profile === 'prod' });
  });
});

describe('stage prod', () => {
  const stacks = synthesize({ stage: 'prod', alarmEmail: 'ops@example.com', mailFrom: 'orders@shop.dev' });

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
    for (const stack of stacks.values()) expect(stack.stackName).toMatch(/^shop-prod-/);
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
