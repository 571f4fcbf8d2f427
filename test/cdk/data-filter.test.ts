import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { planConsumer } from '../../lib/constructs/consumer/consumer-plan.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { validateConsumer } from '../../lib/constructs/validation/validate-consumer.ts';
import { type ConsumerDefinition, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import {
  absent,
  atLeast,
  between,
  greaterThan,
  noneOf,
  oneOf,
  present,
  startsWith,
} from '../../lib/contracts/where.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'An order.',
  data: z.object({
    totalMinor: z.int(),
    zip: z.string(),
    channel: z.string(),
    voucher: z.string().optional(),
    code: z.union([z.string(), z.number()]),
    prefix: z.string(),
    address: z.object({ country: z.string(), city: z.string() }),
  }),
  earlier: [
    {
      version: 1,
      data: z.object({
        totalMinor: z.int(),
        zip: z.int(),
        code: z.string(),
        prefix: z.string(),
        address: z.object({ country: z.string(), city: z.string() }),
      }),
      upcast: (data) => ({ ...data, zip: String(data.zip), channel: 'web' }),
    },
  ],
});
const OrderCancelled = defineEvent({
  type: 'shop.OrderCancelled',
  version: 1,
  description: 'No order.',
  data: z.object({ orderId: z.string() }),
});

const props = { name: 'vip', description: 'Tests.', listensTo: [OrderPlaced, OrderCancelled] };
type Asked = NonNullable<
  Parameters<typeof defineConsumer<typeof OrderPlaced>>[0]['where']
>['shop.OrderPlaced'];
const asking = (where: Asked) => defineConsumer({ ...props, where: { 'shop.OrderPlaced': where } });

function subscriptionOf(definition: ConsumerDefinition) {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings });
  const entry = 'test/apps/orders/analytics.ts';
  const stack = new ConsumerStack(app, { definition, bus, stage: settings.stage, entry });
  const [subscription] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription'));
  return subscription?.Properties;
}

describe('the subscription of a consumer that asks for data', () => {
  const types = ['shop.OrderPlaced.v1', 'shop.OrderPlaced.v2'];

  it('filters the body: what is asked for of one event, all of the others, and what has its data elsewhere', () => {
    const where = {
      totalMinor: greaterThan(100),
      'address.country': oneOf('DE', 'AT'),
      'address.city': startsWith('W'),
    };
    expect(subscriptionOf(asking(where))).toMatchObject({
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: {
        $or: [
          {
            type: types,
            data: {
              totalMinor: [{ numeric: ['>', 100] }],
              address: { country: ['DE', 'AT'], city: [{ prefix: 'W' }] },
            },
          },
          { type: types, dataref: [{ exists: true }], data: { totalMinor: [{ exists: false }] } },
          { type: ['shop.OrderCancelled.v1'] },
        ],
      },
    });
  });

  it('filters attributes, which cost nothing, when no data is asked for; and says so, or it could never change back', () => {
    for (const definition of [defineConsumer(props), asking({})]) {
      expect(subscriptionOf(definition)).toMatchObject({
        FilterPolicyScope: 'MessageAttributes',
        FilterPolicy: { type: [...types, 'shop.OrderCancelled.v1'] },
      });
    }
  });
});

describe('what SNS could not do is refused', () => {
  const prove = (definition: ConsumerDefinition) => () => validateConsumer(planConsumer(definition, false));
  const twelve = Array.from({ length: 12 }, (_, index) => `${index}`) as [string, ...string[]];

  it.each<[string, Asked, string]>([
    [
      'a value that an older version does not have',
      { channel: oneOf('web') },
      "its where asks for 'channel', which is not a single value in the data of shop.OrderPlaced.v1: no such event would arrive",
    ],
    [
      'a value that is of another kind in an older version',
      { zip: startsWith('9') },
      "its where asks for 'zip' to be a string, but in the data of shop.OrderPlaced.v1 it is a number",
    ],
    ['a name that is an operator', { prefix: present() }, "SNS takes the name 'prefix' for an operator"],
    [
      'a number over a billion',
      { totalMinor: atLeast(1_000_000_001) },
      'with 1000000001; SNS compares numbers',
    ],
    ['a number with six decimals', { totalMinor: atLeast(0.000001) }, 'with 0.000001; SNS compares numbers'],
    ['no number', { totalMinor: atLeast(Number.NaN) }, 'with NaN; SNS compares numbers'],
    ['a range of nothing', { totalMinor: between(2, 1) }, 'to be from 2 to 1; the first has to be less'],
    [
      'none of strings and numbers at once',
      { code: noneOf<string | number>('a', 1) },
      'only one of both in noneOf',
    ],
    [
      'more than five keys',
      {
        totalMinor: atLeast(1),
        code: oneOf('a'),
        'address.country': oneOf('DE'),
        'address.city': oneOf('Ulm'),
        zip: oneOf('89073'),
      },
      'its filter policy has 6 keys; SNS takes 5',
    ],
    [
      'too many combinations, nested ones counted by their depth',
      // 2 types x (12 x 3) x (1 x 3), and 2 types x 1 x (1 x 2) for links, and 1 for the other event.
      { 'address.country': oneOf(...twelve), 'address.city': oneOf('Ulm') },
      'its filter policy has 221 combinations of values; SNS takes 150',
    ],
    [
      'a policy that is too long',
      { 'address.country': oneOf('x'.repeat(262_144)) },
      'bytes; SNS takes 262144',
    ],
  ])('%s', (_, where, message) => {
    expect(prove(asking(where))).toThrow(message);
  });

  it('an event that it does not listen to', () => {
    const definition = { ...defineConsumer(props), where: { 'shop.OrderShipped': {} } };
    expect(prove(definition)).toThrow('its where names shop.OrderShipped, which it does not listen to');
  });

  it('a value and one within it', () => {
    const where = { 'shop.OrderPlaced': { address: present(), 'address.city': present() } };
    expect(prove({ ...defineConsumer(props), where })).toThrow(
      "its where asks for 'address' and for 'address.city' within it",
    );
  });

  it('no values at all', () => {
    const where = { 'shop.OrderPlaced': { totalMinor: { anyOf: [] } } };
    expect(prove({ ...defineConsumer(props), where })).toThrow("'totalMinor' to be one of no values");
  });

  it('but nothing of what it can do', () => {
    expect(
      prove(
        asking({
          totalMinor: between(-1e9, 1e9),
          code: startsWith('A'),
          voucher: absent(),
          'address.country': oneOf('DE'),
        }),
      ),
    ).not.toThrow();
  });
});
