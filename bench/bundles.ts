import { buildSync } from 'esbuild';
import { Bundler as FanfareBundler } from '../lib/constructs/function/bundler.ts';

/** The files of a function by their names; `index.cjs` is the one that is loaded. */
export type Bundler = (entry: string) => ReadonlyMap<string, Uint8Array>;

/** As every function of Fanfare is bundled. */
export const asFanfareBundles: Bundler = (entry) => new FanfareBundler().bundle(entry);

/**
 * As the CDK's `NodejsFunction` bundles, minified and with the SDK inside.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
 */
export const asNodejsFunctionBundles: Bundler = (entry) => {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node24',
    minify: true,
    write: false,
  });
  const [code] = outputFiles;
  if (!code) throw new Error(`esbuild wrote no bundle of ${entry}`);
  return new Map([['index.cjs', code.contents]]);
};
