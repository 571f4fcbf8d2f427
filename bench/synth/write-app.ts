import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectContext } from '../../lib/constructs/context.ts';

const REPOSITORY = dirname(dirname(import.meta.dirname));

/** Writes an app with consumers that are all alike, as `fanfare init` lays it out. It uses the packages of this repository. */
export function writeApp(folder: string, consumers: number): void {
  const names = Array.from({ length: consumers }, (_, index) => `subscriber-${index}`);
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'many', private: true, type: 'module' }),
    'cdk.json': JSON.stringify({ app: 'node app.ts', context: { ...projectContext(), app: 'many' } }),
    'events/index.ts': EVENTS,
    'lambdas/publish/handler.ts': PUBLISH,
    'app.ts': appOf(names),
    ...Object.fromEntries(
      names.flatMap((name) => [
        [`lambdas/${name}/consumer.ts`, CONSUMER.replace('NAME', name)],
        [`lambdas/${name}/handler.ts`, HANDLER.replace('NAME', name)],
      ]),
    ),
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(REPOSITORY, join(modules, 'fanfare'));
  for (const name of ['aws-cdk-lib', 'constructs', 'zod'])
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
}

const EVENTS = `import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const OrderPlaced = defineEvent({
  type: 'many.OrderPlaced',
  version: 1,
  description: 'A customer has placed an order.',
  data: z.object({ orderId: z.string().min(1), totalMinor: z.int() }),
});
`;

const PUBLISH = `import { createCatalog } from 'fanfare/contracts';
import { createPublishHandler } from 'fanfare/publish';
import * as events from '../../events/index.ts';

export const handler = createPublishHandler(createCatalog(Object.values(events)));
`;

const CONSUMER = `import { defineConsumer } from 'fanfare/contracts';
import { OrderPlaced } from '../../events/index.ts';

export const consumer = defineConsumer({
  name: 'NAME',
  description: 'Keeps orders.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { orders: { partitionKey: 'orderId' } },
});
`;

const HANDLER = `import { consume, putItem } from 'fanfare/runtime';
import { consumer } from './consumer.ts';

export const handler = consume(consumer, {
  'many.OrderPlaced': async ({ data: { orderId } }, ctx) => {
    await ctx.commit([putItem(ctx.tables.orders, { orderId, keptBy: 'NAME' })]);
  },
});
`;

function appOf(names: readonly string[]): string {
  const imports = names.map(
    (name, index) => `import { consumer as consumer${index} } from './lambdas/${name}/consumer.ts';`,
  );
  return `import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBusStack, MonitoringStack, projectContext, readSettings } from 'fanfare/constructs';
import * as events from './events/index.ts';
${imports.join('\n')}

const app = new App({ context: projectContext() });
const settings = readSettings(app.node);
const { stage } = settings;
const { bus } = new EventBusStack(app, { settings, events: Object.values(events) });
for (const definition of [${names.map((_, index) => `consumer${index}`).join(', ')}])
  new ConsumerStack(app, { definition, bus, stage });
new MonitoringStack(app, { stage, bus });
app.synth();
`;
}
