import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

/** Source maps name their sources relative to this folder, wherever the assembly is written, so that hashes agree. */
const NOMINAL_OUTPUT = 'cdk.out/bundle/index.cjs';

const substitute = (name: string): string =>
  fileURLToPath(new URL(`../runtime/bundle/${name}`, import.meta.url));

/** Parts of the AWS SDK that never run in Lambda, and what stands in for them: half of an SDK client. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': substitute('environment-credentials.ts'),
  '@smithy/core/event-streams': substitute('no-event-streams.ts'),
};

/**
 * How every function is bundled: one minified CommonJS file with everything inside, which is ready a third sooner
 * than an ES module. It is named .cjs, so that Node.js takes it for what it is wherever it lies. `mainFields` takes the
 * packages' ES modules, which can be tree-shaken: a third less code. The source map lies beside it and costs nothing
 * until `NODE_OPTIONS=--enable-source-maps` asks for it.
 */
const BUILD: BuildOptions = {
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

/**
 * The code of one function, bundled at synth by esbuild in this very process: `NodejsFunction` would start npx and
 * esbuild for each function, a quarter of a second more every time.
 *
 * @param entry path of the file that exports `handler`
 * @throws Error when there is no such file or it does not compile
 */
export function bundleCode(entry: string): Code {
  if (!existsSync(entry)) {
    throw new Error(`${entry} does not exist; create it and export the function 'handler' from it`);
  }
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The CDK wants an image for machines without a local bundler; there is always one here.
      image: DockerImage.fromRegistry('unused'),
      // Never run; but it keeps the bundles of several entries in one folder apart in the CDK's cache.
      command: ['esbuild', entry],
      local: { tryBundle: (outputDirectory) => writeBundle(entry, outputDirectory) },
    },
  });
}

/** Bundles a file: the code, and its source map. @throws BuildFailure of esbuild, saying where it does not compile */
export function bundle(entry: string): { readonly code: Uint8Array; readonly map: Uint8Array } {
  const { outputFiles = [] } = buildSync({ ...BUILD, entryPoints: [entry], outfile: NOMINAL_OUTPUT });
  const [map, code] = outputFiles;
  if (!map || !code) throw new Error(`esbuild wrote no bundle of ${entry}`);
  return { code: code.contents, map: map.contents };
}

function writeBundle(entry: string, outputDirectory: string): true {
  const { code, map } = bundle(entry);
  const file = join(outputDirectory, basename(NOMINAL_OUTPUT));
  writeFileSync(file, code);
  writeFileSync(`${file}.map`, map);
  return true;
}
