import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DockerImage, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { Bundle } from './bundle-files.ts';
import { Bundler } from './bundler.ts';

/** `cdk deploy` and `cdk destroy` of some stacks ask for the code of these only. */
const NOT_BUNDLED = 'not-bundled';

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
  const bundle = Stack.of(scope).bundlingRequired ? bundlerOf(scope).bundle(entry) : undefined;
  return Code.fromAsset(dirname(entry), {
    // Of the files that are written, so the CDK need not read them again to know it.
    assetHash: bundle ? hashOf(bundle) : NOT_BUNDLED,
    bundling: {
      // The CDK wants an image for machines without a local bundler; there is always one here.
      image: DockerImage.fromRegistry('unused'),
      // Never run; but it keeps the bundles of several entries in one folder apart in the CDK's cache.
      command: ['esbuild', entry],
      local: { tryBundle: (outputDirectory) => writeBundle(bundle ?? new Map(), outputDirectory) },
    },
  });
}

function bundlerOf({ node: { root } }: IConstruct): Bundler {
  const bundler = bundlers.get(root) ?? new Bundler();
  bundlers.set(root, bundler);
  return bundler;
}

function hashOf(bundle: Bundle): string {
  const hash = createHash('sha256');
  for (const [name, content] of bundle) hash.update(`${name} ${content.byteLength}\n`).update(content);
  return hash.digest('hex');
}

function writeBundle(bundle: Bundle, outputDirectory: string): true {
  for (const [name, content] of bundle) writeFileSync(join(outputDirectory, name), content);
  return true;
}
