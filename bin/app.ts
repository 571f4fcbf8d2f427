import { App, type AppProps } from 'aws-cdk-lib';
import * as events from '../events/index.ts';
import { analytics } from '../lambdas/analytics/consumer.ts';
import { email } from '../lambdas/email/consumer.ts';
import { inventory } from '../lambdas/inventory/consumer.ts';
import { shipping } from '../lambdas/shipping/consumer.ts';
import { ConsumerStack } from '../lib/constructs/consumer-stack.ts';
import { projectContext } from '../lib/constructs/context.ts';
import { EventBusStack } from '../lib/constructs/event-bus-stack.ts';
import { MonitoringStack } from '../lib/constructs/monitoring-stack.ts';
import { sendsMail } from '../lib/constructs/sends-mail.ts';
import { readSettings } from '../lib/constructs/settings.ts';
import type { ConsumerDefinition } from '../lib/contracts/define-consumer.ts';

/** The whole system: the bus, and who listens to it. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...projectContext(), ...props.context } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const { bus } = new EventBusStack(app, { settings, events: Object.values(events) });
  const listen = (definition: ConsumerDefinition) =>
    new ConsumerStack(app, { definition, bus, stage }).consumer;

  const consumers = [
    listen(analytics),
    sendsMail(listen(email), settings.mailFrom),
    listen(inventory),
    listen(shipping),
  ];

  new MonitoringStack(app, { stage, bus, consumers });
  return app;
}

if (import.meta.main) createApp().synth();
