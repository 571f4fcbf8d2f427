import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom. A folder is the first rule whose pattern its files match. */
const RULES: readonly { readonly files: string; readonly may: readonly RegExp[] }[] = [
  {
    files: 'lib/contracts/**/*.ts',
    may: [/^lib\/contracts\//, /^#(find-hidden|check-definition)$/, /^zod$/],
  },
  { files: 'events/**/*.ts', may: [/^events\//, /^lib\/contracts\//, /^zod$/] },
  {
    files: 'lib/runtime/**/*.ts',
    may: [
      /^lib\/(contracts|runtime)\//,
      /^@aws-sdk\//,
      /^@smithy\/types$/,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ],
  },
  {
    files: 'lib/publisher/**/*.ts',
    may: [
      /^lib\/(contracts|publisher)\//,
      /^lib\/runtime\/(backoff|clock|event-size|publish-chunks|publisher|claim-check|data-bucket|plain-http|request-handler|s3-endpoint|transient)\.ts$/,
      /^@aws-sdk\//,
      /^@smithy\/signature-v4$/,
    ],
  },
  { files: 'lambdas/*/consumer.ts', may: [/^events\//, /^lib\/contracts\//] },
  {
    files: 'lib/constructs/**/*.ts',
    may: [/^lib\/(contracts|constructs)\//, /^aws-cdk-lib/, /^constructs$/, /^esbuild$/],
  },
  {
    files: 'lib/ops/**/*.ts',
    may: [/^lib\/(ops|contracts)\//, /^lib\/runtime\/plain-http\.ts$/, /^@aws-sdk\//],
  },
  {
    files: 'lib/console/*.ts',
    may: [/^lib\/(console|ops|contracts|publisher)\//, /^esbuild$/, /^fast-check$/],
  },
  { files: 'lib/console/actions/*.ts', may: [/^lib\/(console|ops|contracts|publisher)\//, /^zod$/] },
  { files: 'lib/console/page/*.ts', may: [/^lib\/console\/(page|shapes)/] },
  // The evaluator of filter policies is about SNS, and knows nothing of contracts.
  {
    files: 'lib/local/engines/filter-like-sns.ts',
    may: [/^lib\/contracts\/filter-policy\/matches-policy\.ts$/, /^fauxqs$/],
  },
  { files: 'lib/local/**/!(filter-like-sns).ts', may: [/^lib\/local\//, /^@aws-sdk\//, /^fauxqs$/] },
  {
    files: 'bin/app.ts',
    may: [/^lib\/(constructs|contracts)\//, /^lambdas\/[^/]+\/consumer\.ts$/, /^events\//, /^aws-cdk-lib/],
  },
  {
    files: 'bin/{fanfare.ts,commands/**/*.ts,demo/**/*.ts,terminal/**/*.ts}',
    may: [
      /^bin\/(commands|demo|terminal)\//,
      /^lib\/(local|contracts|publisher|ops|console)\//,
      /^events\//,
      /^@aws-sdk\//,
      /^commander$/,
    ],
  },
];

const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const found = [...source.matchAll(/(?:^|\n)(?:import|export)[^'"]*?from '([^']+)'|import\('([^']+)'\)/g)];
  return found
    .map(([, plain, dynamic]) => plain ?? dynamic ?? '')
    .map((name) => (name.startsWith('.') ? normalize(`${dirname(file)}/${name}`) : name))
    .filter((name) => !builtin.has(name));
}

describe('imports point one way', () => {
  it.each(RULES.flatMap(({ files, may }) => globSync(files).map((file) => ({ file, may }))))(
    '$file',
    ({ file, may }) => {
      expect(importsOf(file).filter((name) => !may.some((pattern) => pattern.test(name)))).toEqual([]);
    },
  );

  it.each(globSync('lambdas/*/*.ts').filter((file) => !file.endsWith('consumer.ts')))('%s', (file) => {
    const may = [
      /^events\//,
      /^lib\/(contracts|runtime)\//,
      /^@aws-sdk\//,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ];
    const own = new RegExp(`^${dirname(file)}/`);
    expect(importsOf(file).filter((name) => ![...may, own].some((pattern) => pattern.test(name)))).toEqual(
      [],
    );
  });
});

it('bundles zod by its namespace, which is a fifth of what its default export brings', () => {
  const wrong = globSync('{events,lambdas,lib}/**/*.ts').filter((file) =>
    /import \{ z \} from 'zod'/.test(readFileSync(file, 'utf8')),
  );
  expect(wrong).toEqual([]);
});
