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
  // What a log line must not hold, contracts know.
  {
    files: 'lib/aws/log/*.ts',
    may: [
      /^lib\/aws\/log\//,
      /^lib\/contracts\/text\/(clip-text|error-reason|short-links)\.ts$/,
      /^@aws-lambda-powertools\/logger$/,
    ],
  },
  {
    files: 'lib/aws/!(log)/**/*.ts',
    may: [/^lib\/aws\//, /^@(aws-sdk|smithy)\//],
  },
  {
    files: 'lib/aws/*.ts',
    may: [/^lib\/aws\//, /^@(aws-sdk|smithy)\//],
  },
  { files: 'lib/project/*.ts', may: [/^lib\/project\//] },
  {
    files: 'lib/publishing/**/*.ts',
    may: [
      /^lib\/(aws|contracts|publishing)\//,
      /^@aws-sdk\//,
      // What a message of the queue of later events is.
      /^lib\/later\/later-message\.ts$/,
      /^@smithy\/signature-v4$/,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ],
  },
  {
    files: 'lib/runtime/**/*.ts',
    may: [
      /^lib\/(aws|contracts|runtime)\//,
      /^lib\/intake\/(intake-state|control-message)\.ts$/,
      /^lib\/later\/later-message\.ts$/,
      /^lib\/publishing\/(topic|large-data)\//,
      /^@aws-sdk\//,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ],
  },
  {
    files: 'lib/archive/**/*.ts',
    may: [
      /^lib\/(archive|aws|contracts)\//,
      /^lib\/publishing\/large-data\//,
      // What makes two messages the same.
      /^lib\/publishing\/topic\/content\.ts$/,
      // How the topic delivers an event.
      /^lib\/publishing\/topic\/publish-entry\.ts$/,
      /^@aws-sdk\//,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ],
  },
  {
    files: 'lib/intake/**/*.ts',
    may: [/^lib\/(intake|aws|contracts)\//, /^@aws-sdk\//, /^@aws-lambda-powertools\//, /^aws-lambda$/],
  },
  {
    files: 'lib/later/**/*.ts',
    may: [
      /^lib\/(later|aws|contracts)\//,
      /^lib\/publishing\/topic\//,
      /^@aws-sdk\//,
      /^@aws-lambda-powertools\//,
      /^aws-lambda$/,
    ],
  },
  {
    files: 'lib/receipts/**/*.ts',
    may: [/^lib\/(receipts|aws|contracts)\//, /^@aws-sdk\//, /^@aws-lambda-powertools\//, /^aws-lambda$/],
  },
  {
    files: 'lib/constructs/**/*.ts',
    may: [
      /^lib\/(contracts|constructs|project)\//,
      /^lib\/intake\/(breaker-metric|intake-state)\.ts$/,
      /^lib\/archive\/(archived-event|object-key|replay-retention)\.ts$/,
      /^lib\/later\/(cancellation-item|schedule-input)\.ts$/,
      /^lib\/intake\/(breaker-metric|intake-state)\.ts$/,
      /^aws-cdk-lib/,
      /^constructs$/,
      /^esbuild$/,
    ],
  },
  {
    files: 'lib/ops/**/*.ts',
    may: [
      /^lib\/(ops|contracts|archive|intake|later)\//,
      /^lib\/aws\/(plain-http|chunk-entries|json-request|message-batch)\.ts$/,
      /^@aws-sdk\//,
      /^@smithy\/types$/,
      /^zod$/,
    ],
  },
  {
    files: 'lib/console/*.ts',
    may: [
      /^lib\/(console|ops|contracts|project|archive)\//,
      /^lib\/publishing\/client\//,
      /^esbuild$/,
      /^fast-check$/,
    ],
  },
  {
    files: 'lib/console/actions/*.ts',
    may: [/^lib\/(console|ops|contracts|archive)\//, /^lib\/publishing\/client\//, /^zod$/],
  },
  { files: 'lib/console/page/**/*.ts', may: [/^lib\/console\/(page|shapes)/, /^lib\/contracts\/json\//] },
  // The evaluator of filter policies is about SNS, and knows nothing of contracts.
  {
    files: 'lib/local/engines/filter-like-sns.ts',
    may: [/^lib\/contracts\/filter-policy\/matches-policy\.ts$/, /^fauxqs$/],
  },
  {
    files: 'lib/local/**/!(filter-like-sns).ts',
    may: [
      /^lib\/(local|project)\//,
      // What EventBridge Scheduler takes is the same in a contract and here. It knows nothing of contracts.
      /^lib\/contracts\/definition\/schedule-expression\//,
      /^@aws-sdk\//,
      /^fauxqs$/,
    ],
  },
  {
    files: 'lib/cli/**/*.ts',
    may: [
      /^lib\/(cli|local|contracts|ops|console|project|archive|intake)\//,
      /^lib\/publishing\/client\//,
      /^@aws-sdk\//,
      /^commander$/,
      /^esbuild$/,
    ],
  },
  {
    files: '{bin/{app.ts,demo/**/*.ts},events/**/*.ts,lambdas/**/*.ts}',
    may: [/^fanfare\//, /^(events|bin|lambdas)\//, /^@aws-sdk\//, /^aws-cdk-lib/, /^zod$/],
  },
  // It is loaded at synth, by an app that need not have what the handler has.
  { files: 'lambdas/*/consumer.ts', may: [/^events\//, /^fanfare\/contracts$/] },
];

/** Files in one level of a folder. */
const MOST_FILES = 20;

const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

const STATIC = /(?:^|\n)(?:import|export)[^'"]*?from '([^']+)'/g;
const ANY = new RegExp(`${STATIC.source}|import\\('([^']+)'\\)`, 'g');

function importsOf(file: string, pattern = ANY): string[] {
  const source = readFileSync(file, 'utf8');
  const found = [...source.matchAll(pattern)];
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
});

it('bundles zod by its namespace, which is a fifth of what its default export brings', () => {
  const wrong = globSync('{events,lambdas,lib}/**/*.ts').filter((file) =>
    /import \{ z \} from 'zod'/.test(readFileSync(file, 'utf8')),
  );
  expect(wrong).toEqual([]);
});

it('has no file that imports itself through others', () => {
  const imports = new Map(
    globSync('lib/**/*.ts', { exclude: ['lib/dist/**'] }).map(
      (file) => [file, importsOf(file, STATIC)] as const,
    ),
  );
  const finished = new Set<string>();
  const circles: string[][] = [];
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
    else if (!finished.has(file)) {
      for (const next of imports.get(file) ?? []) follow(next, [...way, file]);
      finished.add(file);
    }
  };
  for (const file of imports.keys()) follow(file, []);
  expect(circles).toEqual([]);
});

it('keeps the levels of its folders small enough to look over', () => {
  const sizes = Map.groupBy(globSync('lib/**/*.ts', { exclude: ['lib/dist/**'] }), dirname);
  const crowded = [...sizes].flatMap(([folder, files]) =>
    files.length > MOST_FILES ? [`${folder}: ${files.length}`] : [],
  );
  expect(crowded).toEqual([]);
});
