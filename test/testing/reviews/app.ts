import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBusStack, projectContext, readSettings } from 'fanfare/constructs';
import { ratings } from './ratings.ts';
import { thanks } from './thanks.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The movie reviews as a CDK app. */
export function reviewsApp(outdir: string): App {
  const app = new App({ outdir, context: projectContext() });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings, publishEntry: path('./publish.ts') });
  for (const definition of [ratings, thanks]) {
    const entry = path(`./${definition.name}-function.ts`);
    new ConsumerStack(app, { definition, bus, stage: settings.stage, entry });
  }
  return app;
}
