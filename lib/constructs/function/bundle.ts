import { resolve } from 'node:path';
import { type BuildOptions, buildSync, type Message, type Metafile } from 'esbuild';
import { sourceFile } from '../../project/source-file.ts';

/** Source maps name their sources relative to a folder in this one, wherever the assembly is written, so that hashes agree. */
const NOMINAL_OUTPUT = 'cdk.out';

const substitute = (name: string): string => sourceFile(`../../aws/bundle/${name}`, import.meta.url);

/** Parts of the AWS SDK that never run in Lambda, and their replacements: half of an SDK client. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': substitute('environment-credentials'),
  '@smithy/core/event-streams': substitute('no-event-streams'),
};

/**
 * How every function is bundled: one minified CommonJS file with everything inside, which starts a third faster
 * than an ES module. It is named .cjs, so that Node.js reads it as CommonJS in every folder. `mainFields` takes the
 * packages' ES modules, which can be tree-shaken: a third less code. The source map lies beside it and costs nothing
 * until `NODE_OPTIONS=--enable-source-maps` asks for it.
 */
export const BUILD: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: SUBSTITUTES,
  // Chooses among the `imports` of package.json what is meant for Lambda.
  conditions: ['lambda', 'module'],
  minify: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'silent',
  write: false,
};

/** A file with everything that it imports, and its source map. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly map: Uint8Array;
}

export interface BuiltBundle extends Bundle {
  readonly entry: string;
  /** The files that esbuild has read for it, by path from the working directory, with what each imports. */
  readonly inputs: Metafile['inputs'];
}

/** Bundles a file: the code, and its source map. @throws BuildFailure of esbuild, saying where it does not compile */
export function bundle(entry: string): Bundle {
  const [built] = buildBundles([entry]);
  if (!built) throw new Error(`esbuild wrote no bundle of ${entry}`);
  return built;
}

/**
 * Bundles files, each as if it were alone, to the byte. Together they take less than half of the time: esbuild reads what they share once.
 *
 * @returns a bundle for each, in their order
 * @throws BuildFailure of esbuild, when one of them does not compile
 */
export function buildBundles(entries: readonly string[]): BuiltBundle[] {
  const {
    outputFiles = [],
    warnings,
    metafile,
  } = buildSync({
    ...BUILD,
    entryPoints: entries.map((entry, index) => ({ in: entry, out: `${index}/index` })),
    outdir: NOMINAL_OUTPUT,
    outExtension: { '.js': '.cjs' },
    metafile: true,
  });
  refuseMissingImports(entries, warnings);
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  return entries.map((entry, index) => {
    const file = resolve(NOMINAL_OUTPUT, String(index), 'index.cjs');
    const [code, map] = [contents.get(file), contents.get(`${file}.map`)];
    const entryPoint = metafile.outputs[`${NOMINAL_OUTPUT}/${index}/index.cjs`]?.entryPoint;
    if (!code || !map || entryPoint === undefined) throw new Error(`esbuild wrote no bundle of ${entry}`);
    return { entry, code, map, inputs: reachable(metafile.inputs, entryPoint) };
  });
}

/** esbuild only warns of a name that a module does not export, and bundles it as undefined. */
function refuseMissingImports(entries: readonly string[], warnings: readonly Message[]): void {
  const missing = warnings.filter(({ id }) => id === 'import-is-undefined');
  if (missing.length === 0) return;
  const lines = missing.map(({ text, location }) => `${location?.file}:${location?.line}: ${text}`);
  throw new Error(`${entries.join(', ')} imports what is not exported:\n${lines.join('\n')}`);
}

function reachable(inputs: Metafile['inputs'], entryPoint: string): Metafile['inputs'] {
  const found: Metafile['inputs'] = {};
  const queue = [entryPoint];
  for (const path of queue) {
    const input = inputs[path];
    if (input === undefined || path in found) continue;
    found[path] = input;
    queue.push(...input.imports.filter(({ external }) => !external).map(({ path: next }) => next));
  }
  return found;
}
