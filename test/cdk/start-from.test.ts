import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { IEventBus } from '../../lib/constructs/bus/i-event-bus.ts';
import { Consumer } from '../../lib/constructs/consumer/consumer.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import { shipping } from '../apps/orders/consumers.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const entry = 'test/apps/orders/analytics.ts';
const TYPE = 'Custom::FanfareStartFrom';
const PARAMETER = '/fanfare/shop/dev/Bus/v1/replay-function-arn';

function newApp(app: string, context: Record<string, string> = {}) {
  const one = new App({ context: { app, ...context, ...WITHOUT_BUNDLING } });
  return { app: one, settings: readSettings(one.node) };
}

const consumerOf = (app: App, bus: IEventBus, change: Partial<ConsumerDefinition>): Template => {
  const { stage } = readSettings(app.node);
  return Template.fromStack(
    new ConsumerStack(app, { definition: { ...shipping, ...change }, bus, stage, entry }),
  );
};

/** Its template in the app of the bus. */
function own(change: Partial<ConsumerDefinition>, context: Record<string, string> = {}): Template {
  const { app, settings } = newApp('shop', context);
  return consumerOf(app, new EventBusStack(app, { settings }).bus, change);
}

const namesOf = (template: Template) =>
  Object.values<{ Default?: string }>(template.toJSON().Parameters).map(({ Default }) => Default);

describe('a consumer that starts with archived events', () => {
  it('has a custom resource of the replay function of the bus, after its subscription', () => {
    const template = own({ startFrom: 'beginning' });
    const [resource, ...others] = Object.values(template.findResources(TYPE));
    expect(others).toEqual([]);
    expect(resource?.Properties).toMatchObject({
      ServiceToken: { Ref: expect.stringContaining('replayFunctionArn') },
      consumer: 'shipping',
      queueUrl: { Ref: expect.stringContaining('Queue') },
      types: ['shop.InventoryReserved.v1'],
      filterPolicyScope: 'MessageAttributes',
      startFrom: 'beginning',
      idempotencyTable: { Ref: expect.stringContaining('IdempotencyTable') },
    });
    expect(JSON.parse(resource?.Properties.filterPolicy)).toEqual({ type: expect.any(Array) });
    expect(namesOf(template)).toContain(PARAMETER);
    const [subscription = ''] = Object.keys(template.findResources('AWS::SNS::Subscription'));
    expect(resource?.DependsOn).toContain(subscription);
  });

  it('may be of another app, and is called there as its deployment calls it', () => {
    const { app } = newApp('fraud');
    const bus = EventBus.fromStage(app, 'Bus', { app: 'shop', stage: 'dev' });
    const template = consumerOf(app, bus, { startFrom: '2026-11-01T00:00:00Z' });
    template.hasResourceProperties(TYPE, {
      consumer: 'fraud-dev/shipping',
      startFrom: '2026-11-01T00:00:00Z',
    });
    expect(namesOf(template)).toContain(PARAMETER);
  });

  it('may be in the stack of the bus, whose function it names directly', () => {
    const { app, settings } = newApp('shop');
    const stack = new EventBusStack(app, { settings });
    const definition = { ...shipping, startFrom: 'beginning' } as const;
    new Consumer(stack, 'Shipping', { definition, bus: stack.bus, stage: settings.stage, entry });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('ReplayFunction'), 'Arn'] },
    });
  });

  it('has a queue that the replay function may send to, in whatever stack it is', () => {
    const { app, settings } = newApp('shop');
    const { bus } = new EventBusStack(app, { settings });
    const stack = new Stack(app, 'Own', { stackName: 'own' });
    new Consumer(stack, 'Shipping', { definition: shipping, bus, stage: settings.stage, entry });
    const tagged = Object.entries(Template.fromStack(stack).findResources('AWS::SQS::Queue')).filter(
      ([, { Properties }]) => Properties.Tags !== undefined,
    );
    expect(tagged).toEqual([
      [
        expect.stringMatching(/^ShippingQueuesQueue/),
        expect.objectContaining({
          Properties: expect.objectContaining({ Tags: [{ Key: 'fanfare:bus', Value: 'shop-dev-Bus' }] }),
        }),
      ],
    ]);
  });

  it('has the tag of its stack, when that is one of its own', () => {
    const { app, settings } = newApp('shop');
    const { bus } = new EventBusStack(app, { settings });
    const stack = new ConsumerStack(app, { definition: shipping, bus, stage: settings.stage, entry });
    expect(stack.tags.tagValues()).toMatchObject({ 'fanfare:bus': 'shop-dev-Bus' });
    for (const { Properties } of Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue')))
      expect(Properties.Tags).toBeUndefined();
  });

  it('is refused at synth when the bus of its app has no archive, with what to do', () => {
    expect(() => own({ startFrom: 'beginning' }, { archive: 'off' })).toThrow(
      /archive of shop-dev-Bus, which has none; set -c archive=on, or leave startFrom at 'now'/,
    );
  });

  it('is refused at synth when its bus is known by attributes, as one of another account is', () => {
    const { app } = newApp('fraud');
    const bus = EventBus.fromAttributes(app, 'Bus', {
      busName: 'shop-dev-Bus',
      topicArn: 'arn:aws:sns:eu-west-1:111111111111:topic',
      topicKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/k',
      dataBucketName: 'bucket',
      alarmTopicArn: 'arn:aws:sns:eu-west-1:111111111111:alarms',
    });
    expect(() => consumerOf(app, bus, { startFrom: 'beginning' })).toThrow(/EventBus\.fromStage/);
  });
});

it('a consumer that starts now has nothing of it, with or without an archive', () => {
  const [withArchive, without] = [own({}), own({}, { archive: 'off' })];
  withArchive.resourceCountIs(TYPE, 0);
  expect(namesOf(withArchive)).not.toContain(PARAMETER);
  expect(withArchive.toJSON()).toEqual(without.toJSON());
});

it('a bus writes the parameter when it has an archive, and no other does', () => {
  const written = (context: Record<string, string>) => {
    const { app, settings } = newApp('shop', context);
    const template = Template.fromStack(new EventBusStack(app, { settings }));
    return Object.values(template.findResources('AWS::SSM::Parameter')).map(
      ({ Properties }) => Properties.Name,
    );
  };
  expect(written({})).toContain(PARAMETER);
  expect(written({ archive: 'off' })).not.toContain(PARAMETER);
});

it('only a consumer that refuses to be replayed says so in its outputs', () => {
  own({ replay: 'refuse' }).hasOutput('Replay', { Value: 'refuse' });
  expect(own({}).findOutputs('Replay')).toEqual({});
});
