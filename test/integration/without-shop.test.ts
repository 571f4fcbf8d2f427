import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** The shop, and the tests of it. `lambdas/publish` is in every project: it has no event of its own. */
const SHOP = [
  'bin/app.ts',
  'bin/demo',
  'events',
  'lambdas/{analytics,email,inventory,shipping}',
  'test/shop',
];
/** Tests of the framework that need the shop. The list only gets shorter. */
const STILL_ON_THE_SHOP: readonly string[] = [];
/** They name the files that every app has. */
const OF_ANY_APP = ['test/integration/without-shop.test.ts', 'test/unit/new-app.test.ts'];
/** What is not copied: packages of others, and what is made. */
const LEFT_OUT = new Set(['node_modules', '.git', 'cdk.out', '.fanfare', 'lib/dist']);

/** What is there instead: a project that has neither events nor consumers yet. */
const EMPTY_PROJECT = {
  'events/index.ts': 'export {};\n',
  'bin/app.ts': `import { App } from 'aws-cdk-lib';
import { EventBusStack, projectContext, readSettings } from 'fanfare/constructs';

const app = new App({ context: projectContext() });
new EventBusStack(app, { settings: readSettings(app.node) });
if (import.meta.main) app.synth();
`,
};

/** The fast part of the framework's tests, most of which stand on an app: contracts, the door, documents, bundles, templates. */
const FAST = [
  'test/unit/bundle.test.ts',
  'test/unit/contracts/define.test.ts',
  'test/unit/contracts/documents.test.ts',
  'test/unit/publish/handler.test.ts',
  'test/unit/publish/publish-request.test.ts',
  'test/unit/publisher/',
  'test/cdk/producers.test.ts',
  'test/cdk/stacks.test.ts',
  'test/testing/test-consumer.test.ts',
];

const copy = mkdtempSync(join(tmpdir(), 'fanfare-without-shop-'));

beforeAll(() => {
  cpSync('.', copy, { recursive: true, filter: (path) => !LEFT_OUT.has(path) });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  for (const path of [...globSync(SHOP), ...STILL_ON_THE_SHOP]) rmSync(join(copy, path), { recursive: true });
  for (const [path, text] of Object.entries(EMPTY_PROJECT)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a program of this repository's packages in the copy, and gives what it says when it fails. */
function failureOf(program: string, ...args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules', program), ...args],
    {
      cwd: copy,
      env,
      encoding: 'utf8',
    },
  );
  return status === 0 ? '' : stdout + stderr;
}

it('no test of the framework names a file of the shop', () => {
  // The apps of the story of two teams have files of their own.
  const others = ['test/shop/**', 'test/scenarios/two-teams/*/**'];
  const named = globSync('test/**/*.ts', { exclude: others }).filter((file) =>
    /['"`/](bin\/(app|demo)\b|lambdas\/(analytics|email|inventory|shipping)\b|\.\.\/events\/)/.test(
      readFileSync(file, 'utf8').replaceAll('orders/events/', ''),
    ),
  );
  expect(named.toSorted()).toEqual([...OF_ANY_APP, ...STILL_ON_THE_SHOP].toSorted());
});

it('without the shop, everything else compiles: no other file imports it', () => {
  expect(failureOf('typescript/bin/tsc', '--noEmit')).toBe('');
}, 300_000);

it("without the shop, the fast part of the framework's tests is green", () => {
  expect(failureOf('vitest/vitest.mjs', 'run', '--maxWorkers=1', ...FAST)).toBe('');
}, 300_000);
