import { buildSync } from 'esbuild';
import { bundle } from '../lib/constructs/function/bundle.ts';

/** A file's code in a bundle. */
export type Bundler = (entry: string) => Uint8Array;

/** As every function of Fanfare is bundled. */
export const asFanfareBundles: Bundler = (entry) => bundle(entry).code;

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
  return code.contents;
};
