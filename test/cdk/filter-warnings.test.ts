import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { type DataFilter, greaterThan, oneOf } from '../../lib/contracts/where.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const PASSING = { '@aws-cdk/core:strictCfnValidateErrors': false };

function stackOf(where: DataFilter, context: Record<string, unknown> = PASSING): Stack {
  const Paid = defineEvent({
    type: 'shop.Paid',
    version: 2,
    description: 'An order is paid.',
    data: z.object({
      totalMinor: z.int().optional(),
      tipMinor: z.int().max(10_000).optional(),
      payment: z
        .union([
          z.object({ kind: z.literal('card') }),
          z.object({ kind: z.literal('cash'), coins: z.int().max(99) }),
        ])
        .optional(),
    }),
    earlier: [
      { version: 1, data: z.object({ totalMinor: z.int().max(1_000_000_000) }), upcast: (data) => data },
    ],
    links: ['https://payments.example.com/'],
  });
  const props = { name: 'tills', description: 'Tests.', listensTo: [Paid] };
  const app = new App({ context: { ...projectContext(), ...context, ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings });
  return new ConsumerStack(app, {
    definition: { ...defineConsumer(props), where: { 'shop.Paid': where } },
    bus,
    stage: settings.stage,
    entry: 'test/apps/orders/analytics.ts',
  });
}

const warnings = (stack: Stack): readonly unknown[] =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data);

it('warns of amounts that SNS does not compare, in the version that allows them', () => {
  expect(warnings(stackOf({ totalMinor: greaterThan(100) }))).toEqual([
    expect.stringMatching(
      /^its where asks for 'totalMinor', but shop.Paid.v2 allows numbers above 1000000000,/,
    ),
    expect.stringMatching(/^no value has to be in the data of shop.Paid.v2/),
  ]);
});

it('fails the synthesis of this project until somebody writes down why there are none', () => {
  const ids = ['filter:shop.Paid.v2:totalMinor', 'filterByLink:shop.Paid.v2'];
  const synthesize = (acknowledged: readonly string[]) => () => {
    const stack = stackOf({ totalMinor: greaterThan(100) }, {});
    for (const id of acknowledged) {
      Validations.of(stack).acknowledge({ id: `Annotation::fanfare:${id}`, reason: 'Checked at the tills.' });
    }
    return Template.fromStack(stack);
  };
  expect(synthesize([])).toThrow('allows numbers above 1000000000');
  expect(synthesize(ids.slice(0, 1))).toThrow('passes whatever its where says');
  expect(synthesize(ids)).not.toThrow();
});

it('refuses what an older version does not have, also beside a warning', () => {
  expect(() => stackOf({ tipMinor: greaterThan(100) })).toThrow(
    'not a single value in the data of shop.Paid.v1',
  );
  expect(() => stackOf({ 'payment.coins': oneOf(1) })).toThrow(
    'not a single value in the data of shop.Paid.v1',
  );
});
