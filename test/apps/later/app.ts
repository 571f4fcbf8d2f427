import { fileURLToPath } from 'node:url';
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { EventBusStack } from '../../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../../lib/constructs/context.ts';
import { readSettings } from '../../../lib/constructs/settings.ts';
import { orders, reminder } from './consumers.ts';
import { OrderPlaced, PaymentReceived, PaymentTimedOut } from './events.ts';

const entryOf = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** An app whose orders time out, and are reminded of. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...projectContext(), app: 'later', ...props.context } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, {
    settings,
    publishEntry: entryOf('publish'),
    events: [OrderPlaced, PaymentReceived, PaymentTimedOut],
  });
  for (const definition of [orders, reminder])
    new ConsumerStack(app, { definition, bus, stage: settings.stage, entry: entryOf(definition.name) });
  Validations.of(app).acknowledge({
    id: 'Annotation::fanfare:forgeable:later.PaymentTimedOut',
    reason: 'The test publishes it too, over HTTP.',
  });
  return app;
}
