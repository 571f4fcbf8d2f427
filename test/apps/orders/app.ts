import { fileURLToPath } from 'node:url';
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
import { analytics, email, inventory, shipping } from './consumers.ts';
import * as events from './events/index.ts';

/** The file that a function of this app is made of: `publish`, or the name of a consumer. */
export const entryOf = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** The app that the framework's own tests run and look at: four consumers, one of them with mail, and monitoring. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...projectContext(), ...props.context } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const publishEntry = entryOf('publish');
  const { bus } = new EventBusStack(app, { settings, events: Object.values(events), publishEntry });
  const listen = (definition: ConsumerDefinition) =>
    new ConsumerStack(app, { definition, bus, stage, entry: entryOf(definition.name) }).consumer;
  const mailing = (consumer: Consumer) => consumer.grantSendEmail(settings.mailFrom);

  listen(analytics);
  mailing(listen(email));
  listen(inventory);
  listen(shipping);

  new MonitoringStack(app, { stage, bus });
  return app;
}

if (import.meta.main) createApp().synth();
