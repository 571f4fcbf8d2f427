import { fileURLToPath } from 'node:url';
import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { EventBus as EventBridgeBus } from 'aws-cdk-lib/aws-events';
import { FromEventBridgeStack } from '../../../lib/constructs/bridges/from-event-bridge-stack.ts';
import { ToEventBridge } from '../../../lib/constructs/bridges/to-event-bridge.ts';
import { EventBusStack } from '../../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../../lib/constructs/context.ts';
import { readSettings } from '../../../lib/constructs/settings.ts';
import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { ledger, warehouse } from './consumers.ts';
import { InvoiceStored, PaymentReceived } from './events.ts';

const entryOf = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** An app with a bridge from EventBridge, one to EventBridge, and a consumer between them. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...projectContext(), ...props.context } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const { bus } = new EventBusStack(app, { settings, publishEntry: entryOf('publish') });
  const listen = (definition: ConsumerDefinition) =>
    new ConsumerStack(app, { definition, bus, stage, entry: entryOf(definition.name) }).consumer;
  const partners = new Stack(app, 'bridges-dev-Partners');
  const eventBus = new EventBridgeBus(partners, 'EventBridge');

  new FromEventBridgeStack(app, {
    name: 'from-payments',
    bus,
    stage,
    eventBus,
    eventPattern: { source: ['com.example.payments', 'aws.s3'] },
    publishes: [PaymentReceived, InvoiceStored],
    entry: entryOf('from-payments'),
  });
  new ToEventBridge(listen(warehouse), { eventBus });
  listen(ledger);
  return app;
}
