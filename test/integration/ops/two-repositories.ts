import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { EventBus } from '../../../lib/constructs/bus/event-bus.ts';
import { EventBusStack } from '../../../lib/constructs/bus/event-bus-stack.ts';
import type { IEventBus } from '../../../lib/constructs/bus/i-event-bus.ts';
import { ConsumerStack } from '../../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../../lib/constructs/context.ts';
import { readSettings } from '../../../lib/constructs/settings.ts';
import { Stage } from '../../../lib/constructs/stage.ts';
import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { fraudCheck } from '../../apps/fraud/consumer.ts';
import { analytics, shipping } from '../../apps/orders/consumers.ts';

const entry = (file: string): string => fileURLToPath(new URL(`../../apps/${file}`, import.meta.url));

/**
 * Synthesizes two apps for one account, into a new folder. `shop` has the bus, and the consumers `analytics` and `shipping`. `fraud` has no
 * bus, and the consumers `analytics` (the same name) and `fraud-check`, which listen to that of the shop.
 */
export function synthesizeTwoRepositories(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'fanfare-two-repositories-'));
  const app = new App({ outdir, context: projectContext() });
  const settings = readSettings(app.node);
  const [shop, fraud] = ['shop', 'fraud'].map((name) => new Stage({ app: name, name: 'dev' }));
  if (!shop || !fraud) throw new Error('there are two stages');
  const busStack = new EventBusStack(app, {
    settings: { ...settings, stage: shop },
    publishEntry: entry('orders/publish.ts'),
  });
  const imported = EventBus.fromStage(app, 'Imported', { app: 'shop', stage: 'dev' });
  const add = (bus: IEventBus, stage: Stage, definition: ConsumerDefinition, file: string): void => {
    const stack = new ConsumerStack(app, { definition, bus, stage, entry: entry(file) });
    // In one assembly the order of deployment has to be said: in two repositories it is that of the people.
    stack.addStackDependency(busStack);
  };
  add(busStack.bus, shop, analytics, 'orders/analytics.ts');
  add(busStack.bus, shop, shipping, 'orders/shipping.ts');
  add(imported, fraud, analytics, 'orders/analytics.ts');
  add(imported, fraud, fraudCheck, 'fraud/handler.ts');
  app.synth();
  return outdir;
}
