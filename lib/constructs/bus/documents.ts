import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis } from 'aws-cdk-lib';
import type { EventContract } from '../../contracts/define-event.ts';
import { asyncApiDocument, contractsOf } from '../../contracts/documents/async-api.ts';
import { openApiDocument } from '../../contracts/documents/open-api.ts';
import type { Authorization } from '../../contracts/documents/security.ts';
import type { Settings } from '../settings.ts';
import { contentsOf, INFO } from './consumer-documents.ts';
import type { IEventBus } from './i-event-bus.ts';

/** What the documents of a bus are made of. */
export interface DocumentsProps {
  /** Contracts that may be published, also those without a consumer. */
  readonly events: readonly EventContract[];
  /** The issuer of the API's tokens, and the largest request. */
  readonly settings: Settings;
  /** Beginning of the names of the files. */
  readonly prefix: string;
}

/**
 * Puts the documents of the bus beside its template in the assembly: `openapi.json`, the publish API, and `asyncapi.json`, the events
 * on the bus and their consumers. No template refers to them.
 */
export function writeDocuments(
  bus: IEventBus,
  { events, settings: { jwt, brakes }, prefix }: DocumentsProps,
): void {
  const authorization: Authorization = jwt ? { kind: 'jwt', ...jwt } : { kind: 'iam' };
  attachCustomSynthesis(bus, {
    onSynthesize: ({ outdir }) => {
      const contents = contentsOf(bus, events);
      const write = (name: string, document: object): void =>
        writeFileSync(join(outdir, `${prefix}${name}`), `${JSON.stringify(document, null, 2)}\n`);
      write(
        'openapi.json',
        openApiDocument(INFO, contractsOf(contents), {
          authorization,
          maxRequestBytes: brakes.maxRequestBytes,
          fifo: bus.fifo,
        }),
      );
      write('asyncapi.json', asyncApiDocument(INFO, contents));
    },
  });
}
