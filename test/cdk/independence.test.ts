import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { MonitoringStack } from '../../lib/constructs/monitoring/monitoring-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { type ConsumerDefinition, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { analytics, shipping } from '../apps/orders/consumers.ts';
import { OrderPlaced, ShipmentCreated } from '../apps/orders/events/index.ts';
import { stacksOf, WITHOUT_BUNDLING } from './synthesized.ts';

const loyalty = defineConsumer({
  name: 'loyalty',
  description: 'Thanks customers with points.',
  listensTo: [OrderPlaced],
  emits: [ShipmentCreated],
  tables: { points: { partitionKey: 'customerId' } },
});

/** The app with these consumers, as text: the templates by stack. */
function templates(definitions: readonly ConsumerDefinition[]): Map<string, string> {
  const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings });
  const { stage } = settings;
  for (const definition of definitions) {
    new ConsumerStack(app, { definition, bus, stage, entry: 'test/apps/orders/analytics.ts' });
  }
  new MonitoringStack(app, { stage, bus });
  return new Map(
    [...stacksOf(app)].map(([name, stack]) => [name, JSON.stringify(Template.fromStack(stack).toJSON())]),
  );
}

it('adds a consumer without changing a byte of any other stack, the dashboard included', () => {
  const before = templates([analytics, shipping]);
  const after = templates([analytics, shipping, loyalty]);
  const changed = [...before]
    .filter(([name, template]) => after.get(name) !== template)
    .map(([name]) => name);
  expect(changed).toEqual([]);
  expect([...after.keys()].filter((name) => !before.has(name))).toEqual(['Loyalty']);
});

it('does not change the bus for the first consumer either', () => {
  expect(templates([shipping]).get('Bus')).toBe(templates([]).get('Bus'));
});

it('lets a consumer read the parameters of the bus and of nothing else, and each of them is written', () => {
  const all = templates([analytics, shipping, loyalty]);
  const written = namesIn(all.get('Bus'), /"Name":"(\/fanfare\/[^"]+)"/g);
  for (const name of ['Analytics', 'Shipping', 'Loyalty']) {
    const read = namesIn(all.get(name), /"Default":"(\/[^"]+)"/g).filter((one) => !one.startsWith('/cdk-'));
    expect(read.length).toBeGreaterThan(2);
    expect(read.filter((one) => !written.includes(one))).toEqual([]);
  }
});

function namesIn(template: string | undefined, pattern: RegExp): readonly string[] {
  return [...(template ?? '').matchAll(pattern)].map(([, name = '']) => name);
}

it('lets every stack be changed and destroyed alone: nothing is exported or imported', () => {
  for (const [, template] of templates([analytics, shipping])) {
    expect(template).not.toMatch(/"Export":|"Fn::ImportValue":/);
  }
});
