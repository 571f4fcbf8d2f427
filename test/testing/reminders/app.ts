import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBusStack, projectContext, readSettings } from 'fanfare/constructs';
import { CartFilled, CartForgotten, CartPaid, carts, DayEnded, notes } from './definitions.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Carts that are forgotten, and days that end, as a CDK app. */
export function remindersApp(outdir: string): App {
  const app = new App({ outdir, context: projectContext() });
  const settings = readSettings(app.node);
  const events = [CartFilled, CartPaid, CartForgotten, DayEnded];
  const { bus } = new EventBusStack(app, { settings, events, publishEntry: path('./publish.ts') });
  for (const definition of [carts, notes]) {
    const entry = path(`./${definition.name}-function.ts`);
    new ConsumerStack(app, { definition, bus, stage: settings.stage, entry });
  }
  return app;
}
