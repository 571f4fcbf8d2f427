import { defineConfig } from 'vitest/config';

/** Some of these put mocks in the place of the SDK's clients. */
const UNIT = ['test/unit/**/*.test.ts'];

/** These clean up after the file as a whole. */
const ISOLATED = [
  'test/integration/{local,ops,replay}/**/*.test.ts',
  'test/scenarios/night-shift/*.test.ts',
  'test/security/private-files.test.ts',
  'test/browser/{intake,sagas}.test.ts',
];

/**
 * What runs on real queues and timers may try once more in CI, where a machine that is shared can stand still for seconds. The report names
 * each test that did (`retry x1`). Unit tests and a machine of one's own have no second try.
 */
const RETRY = process.env.CI === undefined ? 0 : 1;

export default defineConfig({
  test: {
    // Most tests wait for queues and timers most of the time: three at once keep two cores busy.
    maxWorkers: 3,
    // V8 of Node.js 24 can abort with 'Check failed: jit_page.has_value()', seen on processors with memory protection keys.
    execArgv: ['--no-memory-protection-keys'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'unit', include: UNIT } },
      { extends: true, test: { name: 'isolated', include: ISOLATED, retry: RETRY } },
      // These share what they import within a worker: the CDK alone takes a second to load.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...UNIT, ...ISOLATED],
          isolate: false,
          retry: RETRY,
        },
      },
    ],
  },
});
