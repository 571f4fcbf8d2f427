import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { planConsumer } from '../../lib/constructs/consumer/consumer-plan.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { validateConsumer } from '../../lib/constructs/validation/validate-consumer.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent, type EventContract } from '../../lib/contracts/define-event.ts';
import { stacksOf, synthesize, WITHOUT_BUNDLING } from './synthesized.ts';

/** So that the annotations can be looked at. */
const WARNINGS_PASS = { ...projectContext(), '@aws-cdk/core:strictCfnValidateErrors': false };

const first = z.object({ orderId: z.string() });
const OrderPlacedV1 = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'An order, as it once was.',
  data: first,
});
const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'An order.',
  data: z.object({ orderId: z.string(), channel: z.string() }),
  earlier: [{ version: 1, data: first, upcast: (data) => ({ ...data, channel: 'web' }) }],
});
const OrderShipped = defineEvent({
  type: 'shop.OrderShipped',
  version: 1,
  description: 'An order has left.',
  data: first,
  internal: true,
});

const consumer = (name: string, contract: EventContract) =>
  defineConsumer({ name, description: 'Tests.', listensTo: [contract], emits: [OrderShipped] });

function appWith(
  events: readonly EventContract[],
  consumers: Readonly<Record<string, EventContract>>,
  context: Record<string, unknown> = WARNINGS_PASS,
): ReadonlyMap<string, Stack> {
  const app = new App({ context: { app: 'shop', ...context, ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings, events });
  for (const [name, contract] of Object.entries(consumers)) {
    new ConsumerStack(app, {
      definition: consumer(name, contract),
      bus,
      stage: settings.stage,
      entry: 'test/apps/orders/analytics.ts',
    });
  }
  return stacksOf(app);
}

function warnings(stacks: ReadonlyMap<string, Stack>, name: string): unknown[] {
  return warningsOf(stacks.get(name) ?? expect.fail());
}

function warningsOf(stack: Stack): unknown[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data);
}

describe('a change of version in which one consumer is left behind', () => {
  const stacks = appWith([OrderPlaced], { modern: OrderPlaced, late: OrderPlacedV1 });
  const policyOf = (name: string) =>
    Object.values(
      Template.fromStack(stacks.get(name) ?? expect.fail()).findResources('AWS::SNS::Subscription'),
    )[0]?.Properties.FilterPolicy;

  it('names every version that a consumer can take in its filter policy, and none that it does not know', () => {
    expect(policyOf('Modern')).toEqual({ type: ['shop.OrderPlaced.v1', 'shop.OrderPlaced.v2'] });
    expect(policyOf('Late')).toEqual({ type: ['shop.OrderPlaced.v1'] });
  });

  it('is told: who takes what', () => {
    Annotations.fromStack(stacks.get('Bus') ?? expect.fail()).hasInfo(
      '*',
      Match.stringLikeRegexp(
        '^consumers of each version:\n  shop.OrderPlaced.v1: modern, late\n  shop.OrderPlaced.v2: modern\n  shop.OrderShipped.v1: none yet',
      ),
    );
  });

  it('is warned of, on the consumer that is older than the event', () => {
    expect(warnings(stacks, 'Late')).toEqual([
      expect.stringMatching(/^late does not take shop.OrderPlaced.v2, only other versions of it/),
    ]);
    expect(warnings(stacks, 'Modern')).toEqual([]);
    expect(warnings(stacks, 'Bus')).toEqual([]);
  });
});

it('refuses a consumer two of whose contracts take the same version', () => {
  const listensTo = [OrderPlaced, OrderPlacedV1];
  const definition = { ...consumer('torn', OrderPlaced), listensTo };
  expect(() => validateConsumer(planConsumer(definition, false))).toThrow(
    'two of its contracts take shop.OrderPlaced.v1, and only one could read it',
  );
});

it('lets a new version through only once the code that can read it is deployed', () => {
  const stack = appWith([], { modern: OrderPlaced }).get('Modern') ?? expect.fail();
  const [subscription] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription'));
  const functions = Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(subscription?.DependsOn).toEqual(expect.arrayContaining(functions));
});

describe('a version that no consumer takes', () => {
  it('is warned of on the bus when somebody takes another version of the event', () => {
    const stacks = appWith([OrderPlaced], { late: OrderPlacedV1 });
    expect(warnings(stacks, 'Bus')).toEqual([
      expect.stringMatching(/^no consumer takes shop.OrderPlaced.v2/),
    ]);
  });

  it('is only told of when nobody takes the event at all: that is a producer before its first consumer', () => {
    const stacks = appWith([OrderPlaced], {});
    expect(warnings(stacks, 'Bus')).toEqual([]);
  });

  it('is known from what another consumer takes, too', () => {
    const stacks = appWith([], { modern: OrderPlaced, late: OrderPlacedV1 });
    expect(warnings(stacks, 'Late')).toHaveLength(1);
  });
});

describe("in an app with this project's settings, whose warnings fail the synthesis", () => {
  const synthesizeWith = (acknowledge: (late: Stack) => void) => {
    const stacks = appWith([OrderPlaced], { modern: OrderPlaced, late: OrderPlacedV1 }, projectContext());
    const late = stacks.get('Late') ?? expect.fail();
    acknowledge(late);
    return () => Template.fromStack(late);
  };

  it('a consumer that is left behind needs a reason in writing', () => {
    expect(synthesizeWith(() => undefined)).toThrow('late does not take shop.OrderPlaced.v2');
    const id = 'Annotation::fanfare:doesNotTake:shop.OrderPlaced.v2';
    const acknowledge = (late: Stack) => Validations.of(late).acknowledge({ id, reason: 'Ends in March.' });
    expect(synthesizeWith(acknowledge)).not.toThrow();
  });

  it('the shop has nothing to warn of', () => {
    for (const [name, stack] of synthesize()) expect([name, warningsOf(stack)]).toEqual([name, []]);
  });
});

it('changes no template: it only tells', () => {
  const template = (events: readonly EventContract[]) =>
    Template.fromStack(appWith(events, { late: OrderPlacedV1 }).get('Bus') ?? expect.fail()).toJSON();
  expect(template([OrderPlaced])).toEqual(template([]));
});
