import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EventBus } from '../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { IEventBus } from '../../lib/constructs/bus/i-event-bus.ts';
import { Consumer } from '../../lib/constructs/consumer/consumer.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { type ConsumerDefinition, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { readRegistration } from '../../lib/contracts/receipts/consumer-registration.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A fact.',
  data: z.object({ country: z.string() }),
});
const OrderLeft = defineEvent({
  type: 'shop.OrderLeft',
  version: 1,
  description: 'A fact.',
  data: z.object({ country: z.string() }),
});
const entry = 'test/apps/orders/analytics.ts';
const publishEntry = 'test/apps/orders/publish.ts';

const email = defineConsumer({
  name: 'email',
  description: 'Writes mail.',
  listensTo: [OrderPlaced, OrderLeft],
  retry: { maxAttempts: 4, firstDelaySeconds: 3, maxDelaySeconds: 30 },
});

function createStage(context: Readonly<Record<string, string>> = {}) {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...context } });
  const settings = readSettings(app.node);
  return { app, settings, stage: settings.stage };
}

/** The registrations that a stack writes, with the name of the table as `<table>`. */
function registrationsOf(stack: Stack): { name: string; value: unknown }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(
    ({ Properties }) => {
      const parts: readonly unknown[] = Properties.Value['Fn::Join'][1];
      const value = parts.map((part) => (typeof part === 'string' ? part : '<table>')).join('');
      return { name: Properties.Name, value: readRegistration(value) };
    },
  );
}

function stackOf(definition: ConsumerDefinition, bus?: (scope: Stack) => IEventBus): Stack {
  const { app, settings, stage } = createStage();
  const own = bus?.(new Stack(app, 'Other')) ?? new EventBusStack(app, { settings, publishEntry }).bus;
  return new ConsumerStack(app, { definition, bus: own, stage, entry });
}

describe('a consumer', () => {
  it('registers itself, in its own stack', () => {
    expect(registrationsOf(stackOf(email))).toEqual([
      {
        name: '/fanfare/shop/dev/Bus/consumers/email/1',
        value: {
          consumer: 'email',
          table: '<table>',
          types: ['shop.OrderPlaced.v1', 'shop.OrderLeft.v1'],
          filtered: [],
          retry: { maxAttempts: 4, firstDelaySeconds: 3, maxDelaySeconds: 30 },
        },
      },
    ]);
  });

  it('says of which types it takes some events only', () => {
    const some = defineConsumer({
      name: 'some',
      description: 'Takes some.',
      listensTo: [OrderPlaced, OrderLeft],
      where: { 'shop.OrderLeft': { country: { anyOf: ['CH'] } } },
    });
    expect(registrationsOf(stackOf(some))).toMatchObject([
      { value: { types: ['shop.OrderPlaced.v1'], filtered: ['shop.OrderLeft.v1'] } },
    ]);
  });

  it('of another app has the name of its app before its own', () => {
    const stack = stackOf(email, (scope) =>
      EventBus.fromStage(scope, 'Bus', { app: 'office', stage: 'prod', name: 'Ledger' }),
    );
    expect(registrationsOf(stack)).toMatchObject([
      {
        name: '/fanfare/office/prod/Ledger/consumers/shop-dev/email/1',
        value: { consumer: 'shop-dev/email' },
      },
    ]);
  });

  it('of another account does not register itself: nobody would read it', () => {
    const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
    const stack = stackOf(email, (scope) =>
      EventBus.fromAttributes(scope, 'Bus', {
        busName: 'office-prod-Bus',
        topicArn: arn('sns', 'topic'),
        topicKeyArn: arn('kms', 'key/1'),
        dataBucketName: 'data-bucket',
        alarmTopicArn: arn('sns', 'alarms'),
      }),
    );
    expect(registrationsOf(stack)).toEqual([]);
  });

  it('has as many parameters as its types need, each within the 4,096 characters of a standard one', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      defineEvent({
        type: `shop.${'Very'.repeat(25)}Long${index}`,
        version: 1,
        description: 'A fact.',
        data: z.object({}),
      }),
    );
    const greedy = defineConsumer({ name: 'greedy', description: 'Takes all.', listensTo: many });
    const found = registrationsOf(stackOf(greedy));
    expect(found.map(({ name }) => name.split('/').at(-1))).toEqual(['1', '2', '3']);
    for (const { value } of found) expect(JSON.stringify(value).length).toBeLessThan(4_096 - 255);
  });

  it('in a stack of another kind has the tag of its bus on its idempotency table', () => {
    const { app, settings, stage } = createStage();
    const { bus } = new EventBusStack(app, { settings, publishEntry });
    const stack = new Stack(app, 'Mine');
    new Consumer(stack, 'Email', { definition: email, bus, stage, entry });
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::Table', {
      Tags: [{ Key: 'fanfare:bus', Value: 'shop-dev-Bus' }],
    });
  });
});

describe('a bus', () => {
  it('lets a role read receipts, and publish nothing', () => {
    const { app, settings } = createStage();
    const { bus } = new EventBusStack(app, { settings, publishEntry });
    const role = new Role(Stack.of(bus), 'Reader', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    bus.grantReadReceipts(role);
    const policies = Template.fromStack(Stack.of(bus)).findResources('AWS::IAM::Policy');
    const [policy] = Object.entries(policies).filter(([id]) => id.startsWith('Reader'));
    const { Statement } = policy?.[1].Properties.PolicyDocument ?? expect.fail();
    expect(Statement).toHaveLength(1);
    expect(Statement[0].Action).toBe('execute-api:Invoke');
    expect(Statement[0].Resource['Fn::Join'][1].at(-1)).toBe('/$default/GET/events/*');
  });

  it.each([
    ['on', 'error'],
    ['off', undefined],
  ])('with receiptReasons %s may read why an attempt has failed: %s', (receiptReasons, attribute) => {
    const { app, settings } = createStage({ receiptReasons });
    const template = Template.fromStack(new EventBusStack(app, { settings, publishEntry })).toJSON();
    const text = JSON.stringify(template);
    const [, attributes = ''] = /"dynamodb:Attributes":\[([^\]]+)\]/.exec(text) ?? [];
    expect(attributes.split(',').includes('"error"')).toBe(attribute !== undefined);
    expect(text.includes('"RECEIPT_REASONS":"off"')).toBe(attribute === undefined);
  });

  it('refuses another word for receiptReasons', () => {
    expect(() => createStage({ receiptReasons: 'no' })).toThrow("receiptReasons 'no' does not exist");
  });
});
