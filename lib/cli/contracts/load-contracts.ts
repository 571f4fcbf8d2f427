import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventContract } from '../../contracts/define-event.ts';

/**
 * The contracts that the `index.ts` of a folder exports.
 *
 * @throws Error when there is none, or it exports something else
 */
export async function loadContracts(folder: string): Promise<readonly EventContract[]> {
  return Object.values(await loadNamedContracts(folder));
}

/** The same, by the names of the exports. */
export async function loadNamedContracts(folder: string): Promise<Readonly<Record<string, EventContract>>> {
  const file = resolve(join(folder, 'index.ts'));
  await access(file).catch((cause: unknown) => {
    throw new Error(`there is no ${file}; name the folder of the contracts with --events`, { cause });
  });
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  return Object.fromEntries(
    Object.entries(exported).map(([name, value]) => {
      if (!isContract(value)) throw new Error(`${file} exports ${name}, which is no contract (defineEvent)`);
      return [name, value] as const;
    }),
  );
}

/** Whether a value is what `defineEvent` makes. */
export function isContract(value: unknown): value is EventContract {
  return typeof value === 'object' && value !== null && 'versionedType' in value && 'versions' in value;
}
