import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis } from 'aws-cdk-lib';
import type { EventContract } from '../contracts/define-event.ts';
import { asyncApiDocument, contractsOf } from '../contracts/documents/async-api.ts';
import { openApiDocument } from '../contracts/documents/open-api.ts';
import type { Authorization } from '../contracts/documents/security.ts';
import { consumersOf } from './consumers-of.ts';
import type { EventBus } from './event-bus.ts';
import type { Settings } from './settings.ts';

/** What the documents call themselves; the versions of the events are their own. */
const INFO = { title: 'Fanfare', version: '1.0.0' };

/**
 * Puts the documents of the bus beside its template in the assembly: `openapi.json`, the publish API, and `asyncapi.json`, what
 * is on the bus and who takes it. No template knows of them.
 *
 * @param events contracts that anybody may publish, whoever takes them
 * @param settings whose tokens the API takes, and how large requests may be
 */
export function writeDocuments(
  bus: EventBus,
  events: readonly EventContract[],
  { jwt, brakes: { maxRequestBytes } }: Settings,
): void {
  const authorization: Authorization = jwt ? { kind: 'jwt', ...jwt } : { kind: 'iam' };
  attachCustomSynthesis(bus, {
    onSynthesize: ({ outdir }) => {
      const consumers = consumersOf(bus).map(({ definition }) => definition);
      const contents = { events, consumers, fifo: bus.fifo };
      const write = (name: string, document: object): void =>
        writeFileSync(join(outdir, name), `${JSON.stringify(document, null, 2)}\n`);
      write('openapi.json', openApiDocument(INFO, contractsOf(contents), { authorization, maxRequestBytes }));
      write('asyncapi.json', asyncApiDocument(INFO, contents));
    },
  });
}
