import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventContract } from '../../../contracts/define-event.ts';
import { suggest } from '../../../contracts/text/nearest-name.ts';
import { UnknownNameError } from '../../../ops/errors.ts';
import { isContract, loadNamedContracts } from '../load-contracts.ts';
import type { SourceGraph } from './bundle-sources.ts';

/** A contract with the name of its export and the module that defines it. */
export interface SourcedContract {
  readonly name: string;
  readonly contract: EventContract;
  /** Absolute path. */
  readonly module: string;
}

/** The contracts that are packed. */
export interface Selection {
  readonly contracts: readonly SourcedContract[];
  /** Types of other events whose code is packed too, because their files are. */
  readonly unshared: readonly string[];
}

/**
 * The contracts of a folder.
 *
 * @param only names of events without their versions. @default - all
 * @throws UnknownNameError when an event is not there
 */
export async function selectContracts(
  events: string,
  { imports }: SourceGraph,
  only?: readonly string[],
): Promise<Selection> {
  const all = Object.entries(await loadNamedContracts(events));
  const types = all.map(([, { type }]) => type);
  refuseUnknown(types, only);
  const chosen = all.filter(([, { type }]) => only === undefined || only.includes(type));
  const exports = await exportsOf([...imports.keys()]);
  const contracts = chosen.map(([name, contract]) => {
    const holders = [...exports].flatMap(([file, values]) => (values.get(name) === contract ? [file] : []));
    // A module that only passes a contract on imports the one that defines it.
    const module = holders.find((file) => !imports.get(file)?.some((other) => holders.includes(other)));
    return { name, contract, module: module ?? join(events, 'index.ts') };
  });
  const files = reachable(
    contracts.map(({ module }) => module),
    imports,
  );
  const packed = files.flatMap((file) => [...(exports.get(file)?.values() ?? [])]).filter(isContract);
  const unshared = packed
    .map(({ type }) => type)
    .filter((type) => only !== undefined && !only.includes(type));
  return { contracts, unshared: [...new Set(unshared)].toSorted() };
}

/** Modules, and all that they import. */
function reachable(modules: readonly string[], imports: SourceGraph['imports']): readonly string[] {
  const seen = new Set(modules);
  for (const file of seen) for (const other of imports.get(file) ?? []) seen.add(other);
  return [...seen];
}

async function exportsOf(
  files: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, unknown>>> {
  const modules = await Promise.all(
    files.map(async (file) => {
      const exported: object = await import(pathToFileURL(file).href);
      return [file, new Map(Object.entries(exported))] as const;
    }),
  );
  return new Map(modules);
}

function refuseUnknown(types: readonly string[], only: readonly string[] = []): void {
  const unknown = only.find((type) => !types.includes(type));
  if (unknown === undefined) return;
  throw new UnknownNameError(`there is no event '${unknown}'${suggest(unknown, types)}`);
}
