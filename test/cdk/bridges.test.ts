import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus as EventBridgeBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, describe, expect, it } from 'vitest';
import {
  FromEventBridge,
  type FromEventBridgeProps,
} from '../../lib/constructs/bridges/from-event-bridge.ts';
import { ToEventBridge } from '../../lib/constructs/bridges/to-event-bridge.ts';
import { EventBus } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { createApp } from '../apps/bridges/app.ts';
import { ledger, warehouse } from '../apps/bridges/consumers.ts';
import { InvoiceStored, PaymentReceived } from '../apps/bridges/events.ts';
import { evaluate } from '../security/policy/evaluate.ts';
import { readPolicies } from '../security/policy/read-policies.ts';
import { findings } from './nag-findings.ts';
import { stacksOf, WITHOUT_BUNDLING } from './synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-bridges-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const synthesize = (context: Readonly<Record<string, unknown>> = {}) =>
  createApp({ outdir, context: { ...WITHOUT_BUNDLING, ...context } });
const stacks = stacksOf(synthesize());
const template = Template.fromStack(stacks.get('FromPayments') ?? expect.fail());
const policies = readPolicies(stacks);

const only = (type: string): { readonly id: string; readonly properties: Record<string, unknown> } => {
  const [[id, resource] = expect.fail(`there is no ${type}`), ...more] = Object.entries(
    template.findResources(type),
  );
  expect(more).toEqual([]);
  return { id, properties: resource.Properties };
};

const PROD = { stage: 'prod', alarmEmail: 'ops@example.com' };

describe("cdk-nag's packs find nothing without a written reason", { timeout: 300_000 }, () => {
  it.each([
    ['stage dev', {}],
    ['stage prod, with a key of its own', { ...PROD, dataKey: 'own' }],
    ['stage prod, with X-Ray', { ...PROD, xray: 'on' }],
  ])('in %s', (_, context) => {
    expect(findings(synthesize(context), outdir)).toEqual([]);
  });
});

describe('a bridge from EventBridge', () => {
  const bridge = policies.roleOf('FromPayments');
  const queue = policies.resourceOf('FromPayments', 'AWS::SQS::Queue');
  const topic = policies.resourceOf('Bus', 'AWS::SNS::Topic', 'BusTopic');
  const alarms = policies.resourceOf('Bus', 'AWS::SNS::Topic', 'BusAlarms');
  const data = policies.resourceOf('Bus', 'AWS::S3::Bucket', 'BusData');

  it.each([
    ['sns:Publish', topic.arn, 'allowed'],
    ['sqs:SendMessage', queue.arn, 'allowed'],
    ['s3:PutObject', `${data.arn}/large/${InvoiceStored.versionedType}/x`, 'allowed'],
    ['s3:PutObject', `${data.arn}/large/a.B.v1/x`, 'denied by default'],
    ['sns:Publish', alarms.arn, 'denied by default'],
    ['sns:Subscribe', topic.arn, 'denied by default'],
    ['sqs:ReceiveMessage', queue.arn, 'denied by default'],
    ['s3:GetObject', `${data.arn}/large/${InvoiceStored.versionedType}/x`, 'denied by default'],
    ['s3:PutObject', `${data.arn}/other`, 'denied by default'],
    ['events:PutEvents', 'arn:aws:events:us-east-1:111122223333:event-bus/default', 'denied by default'],
  ])('may or may not %s on %s: %s', (action, resource, decision) => {
    const request = { principal: { arn: bridge.arn }, action, resource, context: {} };
    expect(evaluate({ identityPolicies: bridge.policies, request })).toBe(decision);
  });

  it('is invoked by its rule alone', () => {
    const { id: rule } = only('AWS::Events::Rule');
    expect(only('AWS::Lambda::Permission').properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
    });
  });

  it('has a rule on the bus that it is given, with one dead-letter queue for EventBridge and for Lambda', () => {
    const { id } = only('AWS::SQS::Queue');
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };
    const { properties } = only('AWS::Events::Rule');
    expect(properties).toMatchObject({
      EventPattern: { source: ['com.example.payments', 'aws.s3'] },
      EventBusName: { 'Fn::ImportValue': expect.any(String) },
      Targets: [{ DeadLetterConfig: { Arn: arn } }],
    });
    expect(only('AWS::Lambda::Function').properties).toMatchObject({ DeadLetterConfig: { TargetArn: arn } });
  });

  it('has a dead-letter queue that is encrypted, keeps messages for 14 days, and takes TLS and its rule alone', () => {
    expect(only('AWS::SQS::Queue').properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    const send = (service: string, context: Record<string, string>) =>
      evaluate({
        identityPolicies: [],
        resourcePolicies: queue.policies,
        request: {
          principal: { service },
          action: 'sqs:SendMessage',
          resource: queue.arn,
          context: { 'aws:SecureTransport': 'true', ...context },
        },
      });
    const { arn: rule } = policies.resourceOf('FromPayments', 'AWS::Events::Rule');
    expect(send('events.amazonaws.com', { 'aws:SourceArn': rule })).toBe('allowed');
    expect(send('events.amazonaws.com', { 'aws:SourceArn': `${rule}2` })).toBe('denied by default');
    expect(send('sns.amazonaws.com', { 'aws:SourceArn': rule })).toBe('denied by default');
    const plain = { 'aws:SourceArn': rule, 'aws:SecureTransport': 'false' };
    expect(send('events.amazonaws.com', plain)).toBe('explicitly denied');
  });

  it('has one alarm, which tells the alarm topic of the bus', () => {
    const { properties } = only('AWS::CloudWatch::Alarm');
    expect(properties.AlarmActions).toEqual(properties.OKActions);
    expect(JSON.stringify(properties.AlarmActions)).toContain('alarmTopicArn');
    expect(properties.AlarmDescription).toMatch(/Runbook: docs\/runbook\.md#unpublishedevents$/);
  });

  it('says which bus it publishes to, and what', () => {
    expect(stacks.get('FromPayments')?.tags.tagValues()).toMatchObject({
      'fanfare:role': 'bridge',
      'fanfare:bridge': 'from-payments',
      'fanfare:bus': 'shop-dev-Bus',
    });
    template.hasOutput('Emits', { Value: 'payments.PaymentReceived.v1, payments.InvoiceStored.v1' });
  });

  it('keeps its queue in prod', () => {
    const prod = Template.fromStack(stacksOf(synthesize(PROD)).get('FromPayments') ?? expect.fail());
    const [queueOfProd] = Object.values(prod.findResources('AWS::SQS::Queue'));
    expect(queueOfProd?.DeletionPolicy).toBe('Retain');
  });
});

describe('a bridge from EventBridge on the bus of another account', () => {
  const bridgeOn = (more: Partial<FromEventBridgeProps> = {}, account?: string) => {
    const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
    const { stage } = readSettings(app.node);
    const bus = EventBus.fromAttributes(app, 'Bus', {
      busName: 'shop-dev-Bus',
      topicArn: 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic',
      topicKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/1a2b',
      dataBucketName: 'shop-dev-bus-data',
      dataKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/3c4d',
    });
    const stack = new Stack(app, 'Own', { env: { region: 'eu-west-1', ...(account && { account }) } });
    const alarmTopic = Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:eu-west-1:222222222222:own');
    const entry = 'test/apps/bridges/from-payments.ts';
    const eventPattern = { source: ['com.example.payments'] };
    const props = {
      name: 'from-payments',
      bus,
      stage,
      entry,
      eventPattern,
      alarmTopic,
      publishes: [PaymentReceived],
    };
    new FromEventBridge(stack, 'Bridge', { ...props, ...more });
    return Template.fromStack(stack);
  };

  it('notifies an alarm topic of its own, and encrypts its log with a key of its own', () => {
    const logKey = Key.fromKeyArn(
      new Stack(),
      'Key',
      'arn:aws:kms:eu-west-1:222222222222:key/5e6f7a8b-1111-2222-3333-444455556666',
    );
    const bridge = bridgeOn({ logKey });
    bridge.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: ['arn:aws:sns:eu-west-1:222222222222:own'],
    });
    bridge.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: logKey.keyArn });
  });

  it('may not write to the bucket of the bus, when it is known to be elsewhere', () => {
    const statements = (account?: string) =>
      JSON.stringify(bridgeOn({}, account).findResources('AWS::IAM::Policy'));
    expect(statements('222222222222')).not.toMatch(/s3:PutObject|key\/3c4d/);
    expect(statements('222222222222')).toContain('sns:Publish');
    for (const account of ['111111111111', undefined]) expect(statements(account)).toContain('s3:PutObject');
  });
});

describe('a bridge from EventBridge', () => {
  it('that publishes nothing is refused', () => {
    const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
    const { stage } = readSettings(app.node);
    const bus = EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' });
    const props = { name: 'from-payments', bus, stage, eventPattern: { source: ['a'] }, publishes: [] };
    expect(() => new FromEventBridge(new Stack(app, 'Own'), 'Bridge', props)).toThrow(
      /bridge 'from-payments' .*publishes no event/s,
    );
  });

  it.each([
    ['bus', /bridge 'bus' .*name of the stack Bus/s],
    ['alarms', /bridge 'alarms' .*name of the stack Alarms/s],
    ['From_Payments', /bridge 'From_Payments' .*must be kebab-case/s],
  ])('cannot have the name %s', (name, message) => {
    const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
    const settings = readSettings(app.node);
    const { stage } = settings;
    const { bus } = new EventBusStack(app, { settings, publishEntry: 'test/apps/bridges/publish.ts' });
    const entry = 'test/apps/bridges/from-payments.ts';
    const props = { name, bus, stage, entry, eventPattern: { source: ['a'] }, publishes: [PaymentReceived] };
    expect(() => new FromEventBridge(new Stack(app, 'Own'), 'Bridge', props)).toThrow(message);
  });
});

describe('a bridge to EventBridge', () => {
  const role = policies.roleOf('Warehouse');
  const { arn: eventBus } = policies.resourceOf('Partners', 'AWS::Events::EventBus');
  const may = (resource: string, source: string, type: string) =>
    evaluate({
      identityPolicies: role.policies,
      request: {
        principal: { arn: role.arn },
        action: 'events:PutEvents',
        resource,
        context: { 'events:source': source, 'events:detail-type': type },
      },
    });

  it('may put events of its source and its types on its bus', () => {
    expect(may(eventBus, 'fanfare.shop.dev', 'payments.PaymentReceived.v1')).toBe('allowed');
  });

  it.each([
    ['another bus', `${eventBus}2`, 'fanfare.shop.dev', 'payments.PaymentReceived.v1'],
    ['another source', eventBus, 'fanfare.shop.prod', 'payments.PaymentReceived.v1'],
    ['another type', eventBus, 'fanfare.shop.dev', 'payments.InvoiceStored.v1'],
  ])('may not use %s', (_, bus, source, type) => {
    expect(may(bus, source, type)).toBe('denied by default');
  });

  const bridgeTo = (definition: typeof warehouse | typeof ledger, source?: string) => {
    const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
    const settings = readSettings(app.node);
    const { stage } = settings;
    const entry = 'test/apps/bridges/warehouse.ts';
    const { bus } = new EventBusStack(app, { settings, publishEntry: 'test/apps/bridges/publish.ts' });
    const { consumer } = new ConsumerStack(app, { definition, bus, stage, entry });
    const eventBus = new EventBridgeBus(new Stack(app, 'Partners'), 'EventBridge');
    return new ToEventBridge(consumer, { eventBus, ...(source !== undefined && { source }) });
  };

  it('cannot be a consumer whose effects are all in a commit', () => {
    expect(() => bridgeTo(ledger)).toThrow(/consumer 'ledger' has effects: 'commit'/);
  });

  it.each(['', 'aws.shop', 'x'.repeat(257)])("cannot have the source '%s'", (source) => {
    expect(() => bridgeTo(warehouse, source)).toThrow(/is not taken by EventBridge/);
  });

  it('may have a source of its own', () => {
    expect(() => bridgeTo(warehouse, 'com.example.shop')).not.toThrow();
  });
});
