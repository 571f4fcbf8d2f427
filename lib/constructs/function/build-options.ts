import type { BuildOptions } from 'esbuild';
import { sourceFile } from '../../project/source-file.ts';

const substitute = (name: string): string => sourceFile(`../../aws/bundle/${name}`, import.meta.url);

/** Parts of the AWS SDK that never run in Lambda, and their replacements: half of an SDK client. */
export const SUBSTITUTES: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': substitute('environment-credentials'),
  '@smithy/core/event-streams': substitute('no-event-streams'),
};

/**
 * How every function is bundled: minified CommonJS with everything inside, which starts a third faster than an ES module. It is named
 * .cjs, so that Node.js reads it as CommonJS in every folder. `mainFields` takes the packages' ES modules, which can be tree-shaken: a
 * third less code. The source map lies beside it and costs nothing until `NODE_OPTIONS=--enable-source-maps` asks for it.
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
