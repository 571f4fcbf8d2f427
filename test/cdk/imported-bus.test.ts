import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { IEventBus } from '../../lib/constructs/bus/i-event-bus.ts';
import type { BusFromAttributesProps } from '../../lib/constructs/bus/imported/imported-event-bus.ts';
import { Consumer } from '../../lib/constructs/consumer/consumer.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { shipping } from '../apps/orders/consumers.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const entry = 'test/apps/orders/analytics.ts';
const newApp = (app: string, context: Record<string, string> = {}) =>
  new App({ context: { app, ...context, ...WITHOUT_BUNDLING } });

function listen(app: App, bus: IEventBus) {
  const { stage } = readSettings(app.node);
  return new ConsumerStack(app, { definition: shipping, bus, stage, entry });
}

/** The consumer of another app: its own template, and the one that it would have in the app of the bus. */
function templates(context: Record<string, string> = {}) {
  const own = newApp('shop', context);
  const { bus } = new EventBusStack(own, { settings: readSettings(own.node) });
  const other = newApp('fraud');
  const imported = EventBus.fromStage(other, 'Bus', { app: 'shop', stage: 'dev' });
  const inside = listen(own, bus);
  return {
    bus: Template.fromStack(Stack.of(bus)),
    inside: Template.fromStack(inside),
    outside: Template.fromStack(listen(other, imported)),
  };
}

const written = (template: Template) =>
  Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name);

describe('a consumer of another app, by the stage of the bus', () => {
  it('reads the parameters that the bus has written, and needs nothing else of it', () => {
    const { bus, outside } = templates();
    const read = Object.values<{ Default: string }>(outside.toJSON().Parameters)
      .map(({ Default }) => Default)
      .filter((name) => name.startsWith('/fanfare/'));
    expect(read).toContain('/fanfare/shop/dev/Bus/v1/topic-arn');
    expect(written(bus)).toEqual(expect.arrayContaining(read));
    expect(JSON.stringify(outside.toJSON())).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  });

  it('has the resources that it would have in the app of the bus', () => {
    const { inside, outside } = templates();
    const types = (template: Template) =>
      Object.values<{ Type: string }>(template.toJSON().Resources).map(({ Type }) => Type);
    expect(types(outside)).toEqual(types(inside));
  });

  it('may read large data with the key that the bus names, and does not encrypt its log with it', () => {
    const { outside } = templates({ dataKey: 'own' });
    expect(JSON.stringify(outside.toJSON().Resources)).toContain('dataKeyArn');
    for (const log of Object.values(outside.findResources('AWS::Logs::LogGroup'))) {
      expect(log.Properties).not.toHaveProperty('KmsKeyId');
    }
  });

  it('says by its tags which bus it listens to, and which app it is of', () => {
    const app = newApp('fraud');
    const stack = listen(app, EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' }));
    expect(stack.stackName).toBe('fraud-dev-Shipping');
    expect(stack.tags.tagValues()).toMatchObject({ 'fanfare:app': 'fraud', 'fanfare:bus': 'shop-dev-Bus' });
  });

  it('has its app in what it emits, so that two apps may have a consumer of one name', () => {
    const { inside, outside } = templates();
    const emitterOf = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.Environment.Variables.EMITTER_NAME,
      );
    expect(emitterOf(outside)).toEqual(['fraud-dev/shipping']);
    expect(emitterOf(inside)).toEqual([undefined]);
  });

  it('asks a FIFO bus for another parameter than a standard one, so that CloudFormation refuses the wrong kind', () => {
    const kinds = [false, true].map((fifo) => {
      const own = newApp('shop');
      const stack = new EventBusStack(own, { settings: readSettings(own.node), fifo });
      const other = newApp('fraud');
      const bus = EventBus.fromStage(other, 'Bus', { app: 'shop', stage: 'dev', fifo });
      const read = JSON.stringify(Template.fromStack(listen(other, bus)).toJSON().Parameters);
      return [written(Template.fromStack(stack)), read] as const;
    });
    const [[standard, readsStandard], [fifo, readsFifo]] = [kinds[0] ?? [[], ''], kinds[1] ?? [[], '']];
    expect(standard).not.toContain('/fanfare/shop/dev/Bus/v1/fifo-topic-arn');
    expect(fifo).not.toContain('/fanfare/shop/dev/Bus/v1/topic-arn');
    expect(readsStandard).toContain('/v1/topic-arn');
    expect(readsFifo).toContain('/v1/fifo-topic-arn');
  });

  it('shares the parameters with the other consumers of its stack', () => {
    const app = newApp('fraud');
    const { stage } = readSettings(app.node);
    const stack = new Stack(app, 'Both');
    const bus = EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' });
    for (const name of ['one', 'two']) {
      new Consumer(stack, name, { definition: { ...shipping, name }, bus, stage, entry });
    }
    const names = Object.values<{ Default: string }>(Template.fromStack(stack).toJSON().Parameters).map(
      ({ Default }) => Default,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('notifies an alarm topic of its own, and then does not read that of the bus', () => {
    const app = newApp('fraud');
    const { stage } = readSettings(app.node);
    const topics = new Stack(app, 'Alarms');
    const alarmTopic = Topic.fromTopicArn(topics, 'Own', 'arn:aws:sns:eu-west-1:222222222222:own');
    const bus = EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' });
    const stack = new ConsumerStack(app, { definition: shipping, bus, stage, entry, alarmTopic });
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.toJSON().Parameters)).not.toContain('alarm-topic-arn');
    for (const alarm of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      expect(alarm.Properties.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:222222222222:own']);
    }
  });
});

it('keeps the exports of version 0.2 when it is told to, so that its consumers can change to parameters', () => {
  const app = newApp('shop', { exports: 'keep' });
  const { bus } = new EventBusStack(app, { settings: readSettings(app.node) });
  const template = Template.fromStack(Stack.of(bus)).toJSON();
  const names = Object.values<{ Export?: { Name: string } }>(template.Outputs).flatMap(
    ({ Export }) => Export?.Name ?? [],
  );
  expect(names.toSorted()).toEqual([
    'shop-dev-Bus:ExportsOutputFnGetAttBusDataF68925DCArnB828C34B',
    'shop-dev-Bus:ExportsOutputFnGetAttBusKey24CF81FEArn6C24AD54',
    'shop-dev-Bus:ExportsOutputRefBusAlarmsTopic1373BDD4A237F497',
    'shop-dev-Bus:ExportsOutputRefBusDataF68925DCD78AC8C1',
    'shop-dev-Bus:ExportsOutputRefBusTopic7822576E7D293CA3',
  ]);
});

it.each([
  [{ app: '', stage: 'dev' }, /app ''/],
  [{ app: 'Shop', stage: 'dev' }, /app 'Shop'/],
  [{ app: 'shop', stage: '../x' }, /stage '..\/x'/],
  [{ app: 'shop', stage: 'dev', name: 'ledger' }, /bus 'ledger'.*such as Ledger/],
  [{ app: 'shop', stage: 'dev', name: 'a/b' }, /bus 'a\/b'/],
])('no bus is called %j', (address, message) => {
  expect(() => EventBus.fromStage(newApp('fraud'), 'Bus', address)).toThrow(message);
});

describe('a bus of another account, by its attributes', () => {
  const ATTRIBUTES: BusFromAttributesProps = {
    busName: 'shop-dev-Bus',
    topicArn: 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic',
    topicKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/1a2b',
    dataBucketName: 'shop-dev-bus-data',
    alarmTopicArn: 'arn:aws:sns:eu-west-1:222222222222:fraud-alarms',
  };

  it('needs no parameter', () => {
    const app = newApp('fraud');
    const template = Template.fromStack(listen(app, EventBus.fromAttributes(app, 'Bus', ATTRIBUTES)));
    expect(Object.keys(template.toJSON().Parameters)).toEqual(['BootstrapVersion']);
    template.hasResourceProperties('AWS::SNS::Subscription', { TopicArn: ATTRIBUTES.topicArn });
  });

  it('is FIFO when its topic is', () => {
    const app = newApp('fraud');
    const topicArn = `${ATTRIBUTES.topicArn}.fifo`;
    const template = Template.fromStack(
      listen(app, EventBus.fromAttributes(app, 'Bus', { ...ATTRIBUTES, topicArn })),
    );
    template.allResourcesProperties('AWS::SQS::Queue', { FifoQueue: true });
  });

  it.each([
    ['topicArn', 'shop-dev-Bus-Topic', /topicArn of the bus is "shop-dev-Bus-Topic".*fanfare bus --json/],
    ['topicArn', 'arn:aws:sns:eu-west-1:111111111111:*', /topicArn .* no ARN of a topic/],
    ['topicArn', `${ATTRIBUTES.topicArn}:11-22`, /topicArn .* no ARN of a topic/],
    ['topicKeyArn', ATTRIBUTES.topicArn, /topicKeyArn .* no ARN of a key/],
    ['topicKeyArn', 'arn:aws:kms:eu-west-1:111111111111:alias/mine', /topicKeyArn .*an alias is none/],
    ['topicKeyArn', 'arn:aws:kms:eu-west-1:222222222222:key/1a2b', /is in one account and region/],
    ['topicKeyArn', 'arn:aws:kms:us-east-1:111111111111:key/1a2b', /is in one account and region/],
    ['alarmTopicArn', '', /alarmTopicArn .* no ARN of a topic/],
    ['dataKeyArn', 'key/1', /dataKeyArn .* no ARN of a key/],
    ['busName', '', /busName .* no name of a bus/],
    ['busName', 'x y$*', /busName .* no name of a bus/],
    ['dataBucketName', '*', /dataBucketName .* no name of a bucket/],
    ['dataBucketName', 'arn:aws:s3:::shop', /dataBucketName .* no name of a bucket/],
  ])('is refused when its %s is %j', (name, value, message) => {
    const app = newApp('fraud');
    expect(() => EventBus.fromAttributes(app, 'Bus', { ...ATTRIBUTES, [name]: value })).toThrow(message);
  });
});
