import { relative, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** What a package of contracts may import. Everything else is a part of it. */
const ALLOWED = ['fanfare/contracts', 'zod'];

/** The modules of the contracts. All paths are absolute. */
export interface SourceGraph {
  /** The imports of each module, within the app. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** Reads which modules an entry imports, without running them. */
export async function readSourceGraph(entry: string, root: string): Promise<SourceGraph> {
  const { metafile } = await build({ ...settings(root), entryPoints: [entry], write: false });
  refuseOtherPackages(metafile);
  return {
    imports: new Map(
      Object.entries(metafile.inputs).map(([file, { imports }]) => [
        resolve(root, file),
        imports.filter(({ external }) => !external).map(({ path }) => resolve(root, path)),
      ]),
    ),
  };
}

/**
 * Writes modules as JavaScript, each into a file of its own; what several of them import is in a file that they share.
 *
 * @returns the path of each module's file, from the folder
 */
export async function bundleSources(
  modules: readonly string[],
  { root, outbase, outdir }: { readonly root: string; readonly outbase: string; readonly outdir: string },
): Promise<ReadonlyMap<string, string>> {
  const { metafile } = await build({
    ...settings(root),
    entryPoints: [...modules],
    outdir,
    outbase,
    splitting: true,
    chunkNames: 'shared-[hash]',
  });
  return new Map(
    Object.entries(metafile.outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint === undefined
        ? []
        : [[resolve(root, entryPoint), portable(relative(outdir, resolve(root, file)))] as const],
    ),
  );
}

/** A path as it is written in an import. */
export function portable(path: string): string {
  return path.replaceAll('\\', '/');
}

function settings(root: string) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    packages: 'external',
    platform: 'neutral',
    format: 'esm',
    target: 'es2023',
    charset: 'utf8',
    logLevel: 'silent',
  } as const;
}

function refuseOtherPackages({ inputs }: Metafile): void {
  for (const [file, { imports }] of Object.entries(inputs)) {
    const other = imports.find(({ path, external }) => external && !ALLOWED.includes(path));
    if (other !== undefined) {
      throw new Error(
        `${file} imports ${other.path}; contracts that are packed may import only ${ALLOWED.join(', ')} and files of the app`,
      );
    }
  }
}
