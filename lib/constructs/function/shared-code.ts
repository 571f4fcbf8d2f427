import { dirname } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { sourceFile } from '../../project/source-file.ts';
import { BUILD } from './build-options.ts';
import { type Bundle, bundleFiles } from './bundle-files.ts';

/** The file beside `index.cjs`. */
const FILE = 'fanfare.cjs';
/** Source maps name their sources relative to a folder like that of a bundle. */
const OUTPUT = `cdk.out/0/${FILE}`;

/** What functions import of this package, and the index that it is. */
const INDEXES = {
  'fanfare/contracts': sourceFile('../../contracts/index', import.meta.url),
  'fanfare/runtime': sourceFile('../../runtime/index', import.meta.url),
} as const;

/** How esbuild names a module that is written in its import, as those that lead to the shared code are. */
const ALIAS = '<data:';

/**
 * `fanfare/contracts` and `fanfare/runtime` with all that they import: four fifths of a consumer's code, and the same in every consumer. It is
 * linked once and lies beside the code of each, as `fanfare.cjs`. So each function brings along only what is its own, and esbuild does only
 * that for each. The part of these two that a consumer does not use is 1 % of it.
 *
 * A function that imports by itself what is in it (a client of the AWS SDK has parts that all clients share) would have these parts twice. It
 * is bundled whole instead.
 */
export class SharedCode {
  readonly files: Bundle;
  readonly inputs: Metafile['inputs'];
  /** Leads the imports of it to modules that only name what it exports, so that esbuild still knows what is missing. */
  readonly alias: Readonly<Record<string, string>>;
  readonly external = [`./${FILE}`];

  constructor() {
    const { outputFiles, metafile } = build({}, Object.values(INDEXES));
    const [map, code] = outputFiles;
    if (!code || !map) throw new Error('esbuild wrote no shared code');
    this.files = bundleFiles(FILE, code.contents, map.contents);
    const { '<stdin>': _, ...inputs } = metafile.inputs;
    this.inputs = inputs;
    this.alias = Object.fromEntries(
      Object.entries(INDEXES).map(([name, index]) => [name, moduleThatNames(name, exportsOf(index))]),
    );
  }

  /** Whether a function with these inputs has a part of it, too. */
  isPartOf(inputs: Metafile['inputs']): boolean {
    return Object.keys(inputs).some((path) => path in this.inputs);
  }

  /** Whether this input of a bundle is only one of the modules of `alias`. */
  isAlias(path: string): boolean {
    return path.startsWith(ALIAS);
  }
}

/** @param module what it stands for; esbuild's errors have the beginning of it */
function moduleThatNames(module: string, names: readonly string[]): string {
  const source = `export { ${names.join(', ')} } from './${FILE}';`;
  return `data:text/javascript,/*${module}*/${encodeURIComponent(source)}`;
}

/** The names that a file exports. esbuild says it of ES modules only. */
function exportsOf(file: string): readonly string[] {
  const { metafile } = build({ format: 'esm', sourcemap: false, minify: false }, [file]);
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

function build(options: BuildOptions, files: readonly string[]) {
  return buildSync({
    ...BUILD,
    outfile: OUTPUT,
    ...options,
    stdin: {
      contents: files.map((file) => `export * from ${JSON.stringify(file)};`).join('\n'),
      resolveDir: dirname(INDEXES['fanfare/runtime']),
    },
    write: false,
    metafile: true,
  });
}
