import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import type { AlarmReceivers } from '../../lib/constructs/monitoring/alarm-receivers.ts';
import { AlarmTopic } from '../../lib/constructs/monitoring/alarm-topic.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { AlarmConfiguration } from '../../lib/local/monitoring/alarm-configuration.ts';
import { AlarmStates } from '../../lib/local/monitoring/alarms.ts';
import { createApp as createBridges } from '../apps/bridges/app.ts';
import { findAll, stacksOf, synthesize, WITHOUT_BUNDLING } from './synthesized.ts';

const stacks = synthesize();
const bridges = stacksOf(createBridges({ context: WITHOUT_BUNDLING }));
const alarms = [
  ...findAll(stacks, 'AWS::CloudWatch::Alarm'),
  ...findAll(new Map([...bridges].filter(([stack]) => stack === 'FromPayments')), 'AWS::CloudWatch::Alarm'),
];
const inRunbook = new Set(
  readFileSync('docs/runbook.md', 'utf8')
    .match(/^### .+$/gm)
    ?.map((heading) => heading.slice(4).toLowerCase().trim()),
);
/** The alarm's construct id, from its link. */
const anchorOf = (description: string): string => /#([a-z0-9]+)$/.exec(description)?.[1] ?? '';

describe('every alarm', () => {
  it.each(alarms)('$where tells the topic of its end too', ({ properties }) => {
    expect(properties.OKActions).toEqual(properties.AlarmActions);
    expect(properties.OKActions).toHaveLength(1);
  });

  it.each(alarms)('$where links to an entry of the runbook that is there', ({ properties }) => {
    expect(properties.AlarmDescription).toContain('Runbook: docs/runbook.md#');
    expect(inRunbook).toContain(anchorOf(properties.AlarmDescription));
  });

  it('is in the runbook, which has no entry for any other', () => {
    expect(inRunbook).toEqual(new Set(alarms.map(({ properties }) => anchorOf(properties.AlarmDescription))));
  });

  it('links to where the setting says that the runbook is', () => {
    const elsewhere = synthesize({ runbookUrl: 'https://wiki.example.com/fanfare' });
    for (const { properties } of findAll(elsewhere, 'AWS::CloudWatch::Alarm'))
      expect(properties.AlarmDescription).toMatch(
        / Runbook: https:\/\/wiki\.example\.com\/fanfare#[a-z0-9]+$/,
      );
  });
});

describe.each(['DeadLetters', 'Undelivered'])('the alarm %s', (name) => {
  const found = alarms.filter(({ where }) => new RegExp(`Alarms${name}[0-9A-F]{8}$`).test(where));

  it.each(found)('$where stays on while somebody looks at what lies there', ({ properties }) => {
    const counts = { ApproximateNumberOfMessagesVisible: 2, ApproximateNumberOfMessagesNotVisible: 0 };
    const told: string[] = [];
    const board = new AlarmStates(
      (_, metric) => counts[metric as keyof typeof counts],
      ({ state }) => told.push(state),
    );
    board.add(name, '', properties as AlarmConfiguration);
    board.evaluate();
    Object.assign(counts, {
      ApproximateNumberOfMessagesVisible: 0,
      ApproximateNumberOfMessagesNotVisible: 2,
    });
    board.evaluate();
    Object.assign(counts, {
      ApproximateNumberOfMessagesVisible: 2,
      ApproximateNumberOfMessagesNotVisible: 0,
    });
    board.evaluate();
    expect(told).toEqual(['ALARM']);
    Object.assign(counts, { ApproximateNumberOfMessagesVisible: 0 });
    board.evaluate();
    expect(told).toEqual(['ALARM', 'OK']);
  });

  it('is there for every consumer', () => {
    expect(found).toHaveLength(4);
  });
});

describe('alarms reach', () => {
  const templateFor = (receivers: AlarmReceivers): Template => {
    const stack = new Stack(new App(), 'Stack');
    new AlarmTopic(stack, 'Alarms', { key: new Key(stack, 'Key'), receivers });
    return Template.fromStack(stack);
  };

  it('a mail box, a service on call, and both', () => {
    const template = templateFor({ email: 'ops@example.com', httpsUrl: 'https://events.example.com/key' });
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'https',
      Endpoint: 'https://events.example.com/key',
    });
  });

  it('a channel of Slack, from which nobody can do anything in the account', () => {
    const template = templateFor({ slack: { workspaceId: 'T07EZ4VPT', channelId: 'C0123456789' } });
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T07EZ4VPT',
      SlackChannelId: 'C0123456789',
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^AlarmsTopic') }],
    });
    expect(JSON.stringify(template.findResources('AWS::Chatbot::SlackChannelConfiguration'))).toContain(
      ':iam::aws:policy/AWSDenyAll',
    );
    expect(Object.keys(template.findResources('AWS::IAM::Policy'))).toEqual([]);
  });

  it('one channel of Slack by one topic of an app and account, because AWS refuses the second', () => {
    const app = new App();
    const topicIn = (id: string, channelId: string, account?: string) => {
      const stack = new Stack(
        app,
        id,
        account === undefined ? {} : { env: { account, region: 'eu-west-1' } },
      );
      const receivers = { slack: { workspaceId: 'T07', channelId } };
      return new AlarmTopic(stack, 'Alarms', { key: new Key(stack, 'Key'), receivers });
    };
    topicIn('One', 'C1');
    expect(() => topicIn('Two', 'C1')).toThrow('the Slack channel T07/C1 gets the alarms of One');
    expect(() => topicIn('Three', 'C2')).not.toThrow();
    expect(() => topicIn('Four', 'C1', '111122223333')).not.toThrow();
  });

  it('nobody, unless somebody is named', () => {
    templateFor({}).resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it.each<[string, AlarmReceivers, RegExp]>([
    ['a word', { email: 'me' }, /'me' is no e-mail address/],
    ['plain http', { httpsUrl: 'http://example.com' }, /is no https address/],
    ['no address', { httpsUrl: 'pagerduty' }, /is no https address/],
    [
      'the name of a channel',
      { slack: { workspaceId: 'T07EZ4VPT', channelId: '#alarms' } },
      /ids, not names/,
    ],
    [
      'the name of a workspace',
      { slack: { workspaceId: 'acme', channelId: 'C0123456789' } },
      /ids, not names/,
    ],
  ])('not %s', (_, receivers, message) => {
    expect(() => templateFor(receivers)).toThrow(message);
  });
});

describe('the settings of alarms', () => {
  const read = (context: Record<string, unknown>) =>
    readSettings(new App({ context: { app: 'shop', ...context } }).node);

  it('let prod be told by a web address or Slack alone', () => {
    expect(read({ stage: 'prod', alarmUrl: 'https://events.example.com' }).alarmReceivers.httpsUrl).toBe(
      'https://events.example.com',
    );
    expect(read({ stage: 'prod', alarmSlack: 'T07EZ4VPT/C0123456789' }).alarmReceivers.slack).toEqual({
      workspaceId: 'T07EZ4VPT',
      channelId: 'C0123456789',
    });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ alarmUrl: 'http://example.com' }, /is no https address/],
    [{ alarmSlack: 'T07EZ4VPT' }, /is no workspace and channel/],
    [{ alarmSlack: 'T07EZ4VPT/C0123456789/C9' }, /is no workspace and channel/],
    [{ runbookUrl: 'wiki' }, /runbookUrl 'wiki' is no https address/],
    [{ runbookUrl: 'https://wiki.example.com/#fanfare' }, /without a '#'/],
  ])('refuse %j', (context, message) => {
    expect(() => synthesize(context)).toThrow(message);
  });

  it('refuse a runbook whose address CloudWatch has no room for', () => {
    const runbookUrl = `https://example.com/${'x'.repeat(900)}`;
    expect(() => synthesize({ runbookUrl })).toThrow(/CloudWatch takes 1024/);
  });
});
