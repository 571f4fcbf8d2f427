import { App, type AppProps } from 'aws-cdk-lib';
import {
  type Consumer,
  ConsumerStack,
  EventBusStack,
  MonitoringStack,
  projectContext,
  readSettings,
} from 'fanfare/constructs';
import type { ConsumerDefinition } from 'fanfare/contracts';
import * as events from '../events/index.ts';
import { analytics } from '../lambdas/analytics/consumer.ts';
import { email } from '../lambdas/email/consumer.ts';
import { inventory } from '../lambdas/inventory/consumer.ts';
import { shipping } from '../lambdas/shipping/consumer.ts';

/** The whole system: the bus, and who listens to it. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...projectContext(), ...props.context } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const { bus } = new EventBusStack(app, { settings, events: Object.values(events) });
  const listen = (definition: ConsumerDefinition) =>
    new ConsumerStack(app, { definition, bus, stage }).consumer;
  const mailing = (consumer: Consumer) => consumer.grantSendEmail(settings.mailFrom);

  // One line each, and a stack of its own.
  listen(analytics);
  mailing(listen(email));
  listen(inventory);
  listen(shipping);

  new MonitoringStack(app, { stage, bus });
  return app;
}

if (import.meta.main) createApp().synth();
