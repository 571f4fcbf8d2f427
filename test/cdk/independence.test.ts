import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { OrderPlaced, ShipmentCreated } from '../../events/shop.ts';
import { analytics } from '../../lambdas/analytics/consumer.ts';
import { shipping } from '../../lambdas/shipping/consumer.ts';
import { ConsumerStack } from '../../lib/constructs/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { EventBusStack } from '../../lib/constructs/event-bus-stack.ts';
import { MonitoringStack } from '../../lib/constructs/monitoring-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { type ConsumerDefinition, defineConsumer } from '../../lib/contracts/define-consumer.ts';
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
  const consumers = definitions.map(
    (definition) =>
      new ConsumerStack(app, {
        definition,
        bus,
        stage: settings.stage,
        entry: 'lambdas/analytics/handler.ts',
      }).consumer,
  );
  new MonitoringStack(app, { stage: settings.stage, bus, consumers });
  return new Map(
    [...stacksOf(app)].map(([name, stack]) => [name, JSON.stringify(Template.fromStack(stack).toJSON())]),
  );
}

it('adds a consumer without changing a byte of any other stack but the dashboard', () => {
  const before = templates([analytics, shipping]);
  const after = templates([analytics, shipping, loyalty]);
  const changed = [...before]
    .filter(([name, template]) => after.get(name) !== template)
    .map(([name]) => name);
  expect(changed).toEqual(['Monitoring']);
  expect([...after.keys()].filter((name) => !before.has(name))).toEqual(['Loyalty']);
});

it('does not change the bus for the first consumer either', () => {
  expect(templates([shipping]).get('Bus')).toBe(templates([]).get('Bus'));
});

it('lets a consumer import from the bus and from nothing else', () => {
  for (const [name, template] of templates([analytics, shipping, loyalty])) {
    const imports = [...template.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, value]) => value);
    if (name !== 'Monitoring')
      expect(imports.filter((value) => !value?.startsWith('Fanfare-dev-Bus:'))).toEqual([]);
  }
});

it('lets every stack but the bus be destroyed alone: nothing of it is exported', () => {
  for (const [name, template] of templates([analytics, shipping])) {
    if (name !== 'Bus') expect(template).not.toContain('"Export":');
  }
});
