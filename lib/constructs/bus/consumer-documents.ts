import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis } from 'aws-cdk-lib';
import type { EventContract } from '../../contracts/define-event.ts';
import { asyncApiDocument, type BusContents } from '../../contracts/documents/async-api.ts';
import { consumersOf } from './consumers-of.ts';
import type { IEventBus } from './i-event-bus.ts';

/** What the documents call themselves; the versions of the events are their own. */
export const INFO = { title: 'Fanfare', version: '1.0.0' };

/**
 * Puts what the consumers of this app do on the bus of another one beside their templates: `shop-dev-Bus.asyncapi.json`. What else is on that
 * bus, the documents of the other apps say.
 */
export function writeConsumers(bus: IEventBus): void {
  attachCustomSynthesis(bus, {
    onSynthesize: ({ outdir }) => {
      const document = asyncApiDocument(INFO, contentsOf(bus, []));
      writeFileSync(join(outdir, `${bus.busName}.asyncapi.json`), `${JSON.stringify(document, null, 2)}\n`);
    },
  });
}

/** What is on a bus, as far as this app knows it. */
export function contentsOf(bus: IEventBus, events: readonly EventContract[]): BusContents {
  return { events, consumers: consumersOf(bus).map(({ definition }) => definition), fifo: bus.fifo };
}
