import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { Bundler } from './bundler.ts';

const FILE = 'index.cjs';

/** One for each synthesis, because sources may change before the next. */
const bundlers = new WeakMap<IConstruct, Bundler>();

/**
 * The code of one function, bundled at synth by esbuild in this very process: `NodejsFunction` would start npx and
 * esbuild for each function, a quarter of a second more every time.
 *
 * @param scope any construct of the app, whose functions are bundled together
 * @param entry path of the file that exports `handler`
 * @throws Error when there is no such file or it does not compile
 */
export function bundleCode(scope: IConstruct, entry: string): Code {
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
      local: { tryBundle: (outputDirectory) => writeBundle(bundlerOf(scope), entry, outputDirectory) },
    },
  });
}

function bundlerOf({ node: { root } }: IConstruct): Bundler {
  const bundler = bundlers.get(root) ?? new Bundler();
  bundlers.set(root, bundler);
  return bundler;
}

function writeBundle(bundler: Bundler, entry: string, outputDirectory: string): true {
  const { code, map } = bundler.bundle(entry);
  const file = join(outputDirectory, FILE);
  writeFileSync(file, code);
  writeFileSync(`${file}.map`, map);
  return true;
}
