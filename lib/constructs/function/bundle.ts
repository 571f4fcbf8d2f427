import { join, relative } from 'node:path';
import { type BuildOptions, buildSync, type Message, type Metafile } from 'esbuild';
import { BUILD, SUBSTITUTES } from './build-options.ts';
import { type Bundle, bundleFiles } from './bundle-files.ts';
import type { SharedCode } from './shared-code.ts';

/** Source maps name their sources relative to a folder in this one, wherever the assembly is written, so that hashes agree. */
const NOMINAL_OUTPUT = 'cdk.out';
const FILE = 'index.cjs';

export interface BuiltBundle {
  readonly entry: string;
  readonly files: Bundle;
  /** The files that esbuild has read for it, by path from the working directory, with what each imports. */
  readonly inputs: Metafile['inputs'];
}

/**
 * Bundles functions, each as if it were alone, to the byte. Together they take less than half of the time: esbuild reads what they share once.
 *
 * @param shared what they need not bring along themselves
 * @returns a bundle for each, in their order
 * @throws Error of esbuild, when one of them does not compile
 */
export function buildBundles(entries: readonly string[], shared: SharedCode): BuiltBundle[] {
  const { alias, external } = shared;
  const linked = build(entries, { alias: { ...SUBSTITUTES, ...alias }, external: [...external] });
  const whole = linked.filter(({ inputs }) => shared.isPartOf(inputs)).map(({ entry }) => entry);
  const complete = whole.length === 0 ? [] : build(whole, {});
  return linked.map(
    (one) => complete.find(({ entry }) => entry === one.entry) ?? withSharedCode(one, shared),
  );
}

function withSharedCode({ entry, files, inputs, requires }: BuiltFile, shared: SharedCode): BuiltBundle {
  const own = Object.fromEntries(Object.entries(inputs).filter(([path]) => !shared.isAlias(path)));
  if (requires.length === 0) return { entry, files, inputs: own };
  return {
    entry,
    files: new Map([...files, ...shared.files]),
    inputs: { ...own, ...shared.inputs },
  };
}

interface BuiltFile extends BuiltBundle {
  /** What it requires from outside, but for the modules of Node.js. */
  readonly requires: readonly string[];
}

/** Calls esbuild once. */
function build(entries: readonly string[], options: BuildOptions): BuiltFile[] {
  const { outputFiles, warnings, metafile } = buildSync({
    ...BUILD,
    ...options,
    entryPoints: entries.map((entry, index) => ({ in: entry, out: `${index}/index` })),
    outdir: NOMINAL_OUTPUT,
    outExtension: { '.js': '.cjs' },
    write: false,
    metafile: true,
  });
  refuseMissingImports(entries, warnings);
  const contents = new Map(outputFiles.map(({ path, contents }) => [relative('', path), contents]));
  return entries.map((entry, index) => {
    const file = join(NOMINAL_OUTPUT, String(index), FILE);
    const [code, map] = [contents.get(file), contents.get(`${file}.map`)];
    const output = metafile.outputs[`${NOMINAL_OUTPUT}/${index}/${FILE}`];
    if (!code || !map || output?.entryPoint === undefined)
      throw new Error(`esbuild wrote no bundle of ${entry}`);
    return {
      entry,
      files: bundleFiles(FILE, code, map),
      inputs: reachable(metafile.inputs, output.entryPoint),
      requires: output.imports.map(({ path }) => path).filter((path) => path.startsWith('.')),
    };
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
