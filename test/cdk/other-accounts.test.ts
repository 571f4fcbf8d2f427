import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventBus, type EventBusProps } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { BusFromAttributesProps } from '../../lib/constructs/bus/imported/imported-event-bus.ts';
import { Consumer } from '../../lib/constructs/consumer/consumer.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { AlarmStack } from '../../lib/constructs/monitoring/alarm-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineProducer } from '../../lib/contracts/producers/define-producer.ts';
import { shipping } from '../apps/orders/consumers.ts';
import { OrderPlaced, StockReceived } from '../apps/orders/events/index.ts';
import { listOf, type Statement } from '../security/policy/policy.ts';
import { readPolicies } from '../security/policy/read-policies.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const entry = 'test/apps/orders/shipping.ts';
const FRAUD = '222222222222';
const CHECKOUT = `arn:aws:iam::${FRAUD}:role/apps/checkout`;
const checkout = defineProducer({
  name: 'checkout',
  principal: { iam: CHECKOUT },
  types: [OrderPlaced],
  sources: ['/shop/checkout'],
});

const NUMBERED = Array.from({ length: 30 }, (_, index) => String(200_000_000_000 + index));
const TOPIC_PUBLISHERS = Array.from({ length: 10 }, (_, index) => ({
  through: 'topic' as const,
  principal: `arn:aws:iam::${FRAUD}:role/${'r'.repeat(60)}${index}-*`,
}));
/** What the longest names of app, stage, bus and region add to the ARN of a topic in these tests. */
const LONGER_NAME = 60;

const newApp = (app: string, context: Record<string, string> = {}) =>
  new App({ context: { app, ...context, ...WITHOUT_BUNDLING } });

function busStack(props: Partial<EventBusProps>, context: Record<string, string> = {}): EventBusStack {
  const app = newApp('shop', context);
  return new EventBusStack(app, { settings: readSettings(app.node), ...props });
}

const synth = (props: Partial<EventBusProps>, context?: Record<string, string>) =>
  Template.fromStack(busStack(props, context)).toJSON();

describe('a bus for other accounts', () => {
  it('is the same as before when none are listed', () => {
    expect(synth({ allowAccounts: [], allowPublishers: [] }, { dataKey: 'own' })).toEqual(
      synth({}, { dataKey: 'own' }),
    );
  });

  it.each([
    ['paths', 'role/apps/checkout', 'role/legacy/checkout'],
    ['punctuation', 'role/check-out', 'role/check.out'],
  ])('knows apart publishers whose roles differ in their %s', (_, ...roles) => {
    const allowPublishers = roles.flatMap((role) => {
      const principal = `arn:aws:iam::${FRAUD}:${role}`;
      return [
        { through: 'api' as const, principal, events: [OrderPlaced] },
        { through: 'topic' as const, principal },
      ];
    });
    const { Outputs, Resources } = synth({ allowPublishers });
    expect(Object.keys(Outputs).filter((key) => key.startsWith('PublisherRole'))).toHaveLength(2);
    const sids = JSON.stringify(Resources).match(/"Sid":"Publish\w+"/g) ?? [];
    expect(new Set(sids).size).toBe(2);
  });

  it('writes a policy of the version that knows variables', () => {
    Template.fromStack(busStack({ organizationId: 'o-a1b2c3d4e5' })).hasResourceProperties(
      'AWS::SNS::TopicPolicy',
      { PolicyDocument: { Version: '2012-10-17' }, Topics: [{ Ref: Match.stringLikeRegexp('^BusTopic') }] },
    );
  });

  it('has room in the policy of its topic for as many as are allowed, whatever their names', () => {
    const stack = busStack({
      allowAccounts: NUMBERED,
      organizationId: 'o-a1b2c3d4e5',
      allowPublishers: TOPIC_PUBLISHERS,
    });
    const { policies } = readPolicies(new Map([['Bus', stack]])).resourceOf(
      'Bus',
      'AWS::SNS::Topic',
      'BusTopic',
    );
    const [{ Statement } = { Statement: [] }] = policies;
    const statements = listOf<Statement>(Statement);
    expect(JSON.stringify(policies).length + statements.length * LONGER_NAME).toBeLessThan(30 * 1_024);
    expect(statements.length).toBeLessThan(100);
  });

  it.each<[string, Partial<EventBusProps>, RegExp]>([
    [
      'an account of 11 digits',
      { allowAccounts: ['22222222222'] },
      /allowAccounts has .*'22222222222'.*12 digits/,
    ],
    ['an account twice', { allowAccounts: [FRAUD, FRAUD] }, /222222222222 twice/],
    [
      'more accounts than fit',
      { allowAccounts: [...NUMBERED, FRAUD] },
      /31 accounts.*room for 30.*organizationId/,
    ],
    ['an organization by its name', { organizationId: 'acme' }, /organizationId 'acme'.*o-a1b2c3d4e5/],
    [
      'a publisher that is a user',
      { allowPublishers: [{ through: 'topic', principal: `arn:aws:iam::${FRAUD}:user/ada` }] },
      /user\/ada', which is no ARN of a role/,
    ],
    [
      'any role of an account by a star',
      { allowPublishers: [{ through: 'topic', principal: `arn:aws:iam::${FRAUD}:role/*` }] },
      /no ARN of a role/,
    ],
    [
      'a publisher whose account is no account',
      { allowPublishers: [{ through: 'topic', principal: 'fraud' }] },
      /allowPublishers has the account 'fraud'/,
    ],
    [
      'a publisher twice',
      {
        allowPublishers: [
          { through: 'topic', principal: FRAUD },
          { through: 'topic', principal: FRAUD },
        ],
      },
      /222222222222 twice through the topic/,
    ],
    [
      'more publishers through the topic than fit',
      { allowPublishers: [...TOPIC_PUBLISHERS, { through: 'topic', principal: FRAUD }] },
      /11 publishers through the topic.*room for 10/,
    ],
    [
      'a publisher of nothing',
      { allowPublishers: [{ through: 'api', principal: FRAUD, events: [] }] },
      /222222222222 in allowPublishers may publish no event/,
    ],
  ])('is refused with %s', (_, props, message) => {
    expect(() => busStack(props)).toThrow(message);
  });

  it('is refused with its own account, when that is known', () => {
    const app = newApp('shop');
    const stack = new Stack(app, 'Shop', { env: { account: FRAUD, region: 'eu-west-1' } });
    const settings = readSettings(app.node);
    expect(() => new EventBus(stack, 'Bus', { settings, allowAccounts: [FRAUD] })).toThrow(
      /is the account of the bus itself/,
    );
  });

  it('gives no role to a publisher where the API takes tokens', () => {
    const tokens = { jwtIssuer: 'https://issuer.example.com', jwtAudience: 'shop' };
    const publisher = { through: 'api', principal: FRAUD, events: [OrderPlaced] } as const;
    expect(() => busStack({ allowPublishers: [publisher] }, tokens)).toThrow(/give it a token/);
  });
});

describe('a publisher of another account, where producers are declared', () => {
  it('is known to the publish function by the role that it assumes', () => {
    const template = Template.fromStack(
      busStack({
        producers: [checkout],
        allowPublishers: [{ through: 'api', principal: CHECKOUT, events: [OrderPlaced] }],
      }),
    );
    const [role = ''] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) =>
      id.includes('PublisherRole'),
    );
    const publish = Object.values(template.findResources('AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.Environment.Variables.PRODUCERS !== undefined,
    );
    expect(JSON.stringify(publish?.Properties.Environment.Variables.PRODUCERS)).toContain(role);
    expect(JSON.stringify(publish)).not.toContain(CHECKOUT);
    expect(Object.keys(template.findOutputs('*'))).toContainEqual(
      expect.stringMatching(`^PublisherRole${FRAUD}checkout[0-9a-f]{8}$`),
    );
  });

  it.each<[string, EventBusProps['allowPublishers'], RegExp]>([
    [
      'it is not one of them',
      [{ through: 'api', principal: FRAUD, events: [OrderPlaced] }],
      /222222222222 in allowPublishers is not a declared producer/,
    ],
    [
      'it is not declared for the event',
      [{ through: 'api', principal: CHECKOUT, events: [OrderPlaced, StockReceived] }],
      /may publish shop.StockReceived, for which the producer checkout is not declared/,
    ],
    [
      'it is a whole account that gets around them',
      [{ through: 'topic', principal: FRAUD }],
      /in the name of any producer.*name the role/,
    ],
  ])('is refused when %s', (_, allowPublishers, message) => {
    expect(() => busStack({ producers: [checkout], allowPublishers })).toThrow(message);
  });
});

describe('the alarms of a consumer in another account', () => {
  const ATTRIBUTES: BusFromAttributesProps = {
    busName: 'shop-dev-Bus',
    topicArn: 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Topic',
    topicKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/1a2b',
    dataBucketName: 'shop-dev-bus-data',
  };
  const ofBus = { alarmTopicArn: 'arn:aws:sns:eu-west-1:111111111111:shop-dev-Bus-Alarms' };

  it('notify the topic of an alarm stack, which the consumer does not import', () => {
    const app = newApp('fraud', { alarmEmail: 'ops@example.com' });
    const settings = readSettings(app.node);
    const { alarmTopic } = new AlarmStack(app, settings);
    const bus = EventBus.fromAttributes(app, 'Bus', ATTRIBUTES);
    const { stage } = settings;
    const consumer = new ConsumerStack(app, { definition: shipping, bus, stage, entry, alarmTopic });
    const template = Template.fromStack(consumer);
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThan(0);
    for (const { Properties } of alarms)
      expect(JSON.stringify(Properties.AlarmActions)).toContain('fraud-dev-Alarms');
    expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue');
    Template.fromStack(Stack.of(alarmTopic)).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });

  it.each<[string, Partial<BusFromAttributesProps>, RegExp]>([
    [
      'there is none',
      {},
      /alarms of what listens or publishes to shop-dev-Bus have no topic in the stack Fraud; .*AlarmStack/,
    ],
    [
      'it is that of the bus',
      ofBus,
      /takes alarms of the account 111111111111 only, .* in 222222222222; .*AlarmStack/,
    ],
  ])('are refused when %s', (_, more, message) => {
    const app = newApp('fraud');
    const { stage } = readSettings(app.node);
    const stack = new Stack(app, 'Fraud', { env: { account: FRAUD, region: 'eu-west-1' } });
    const bus = EventBus.fromAttributes(app, 'Bus', { ...ATTRIBUTES, ...more });
    expect(() => new Consumer(stack, 'Shipping', { definition: shipping, bus, stage, entry })).toThrow(
      message,
    );
  });

  it('are a warning when it is not known whether they are in the account of their topic', () => {
    const warnings = (alarmTopicArn: string) => {
      const app = newApp('fraud');
      const { stage } = readSettings(app.node);
      const bus = EventBus.fromAttributes(app, 'Bus', { ...ATTRIBUTES, alarmTopicArn });
      const stack = new ConsumerStack(app, { definition: shipping, bus, stage, entry });
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('fanfare:alarmsOfBus'));
    };
    expect(warnings(ofBus.alarmTopicArn)).toMatchObject([
      { entry: { data: expect.stringMatching(/alarms of the account 111111111111 only.*AlarmStack/) } },
    ]);
    expect(warnings('arn:aws:sns:eu-west-1:222222222222:fraud-alarms')).toEqual([]);
  });

  it('may notify the topic of the bus in its own account', () => {
    const app = newApp('fraud');
    const { stage } = readSettings(app.node);
    const stack = new Stack(app, 'Fraud', { env: { account: '111111111111', region: 'eu-west-1' } });
    const bus = EventBus.fromAttributes(app, 'Bus', { ...ATTRIBUTES, ...ofBus });
    new Consumer(stack, 'Shipping', { definition: shipping, bus, stage, entry });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [ofBus.alarmTopicArn],
    });
  });
});
