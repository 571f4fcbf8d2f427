import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { newFolder, run, type Stack, stop, writeAssembly } from './assembly.ts';

/** What is done with the first of two deployments. */
export type Meanwhile = (local: LocalStack) => Promise<unknown>;
/** Deploys an assembly, and another one where the first is there already. `log` hears of the second. */
export type Again = (
  assemblies: readonly [before: string, after: string],
  meanwhile: Meanwhile,
  log?: (line: string) => void,
) => Promise<LocalStack>;

const WAYS: Readonly<Record<string, Again>> = {
  'a restart on the same data': async ([before, after], meanwhile, log = () => undefined) => {
    const dataDirectory = newFolder();
    const first = await run(before, { dataDirectory });
    await meanwhile(first);
    await stop(first);
    return run(after, { dataDirectory, verbose: true, log });
  },
  'a reload': async ([before, after], meanwhile, log = () => undefined) => {
    const local = await run(before, { verbose: true, log });
    await meanwhile(local);
    await local.reload(after);
    return local;
  },
};

/** The ways in which a resource is there already when its template comes. */
export const AGAIN: readonly (readonly [name: string, again: Again])[] = Object.entries(WAYS);

/** Deploys two templates by one of these ways. */
export function twiceBy(again: Again) {
  return (
    before: Stack['resources'],
    after: Stack['resources'] = before,
    meanwhile: Meanwhile = async () => undefined,
  ): Promise<LocalStack> =>
    again([writeAssembly({ resources: before }), writeAssembly({ resources: after })], meanwhile);
}
