import { defineConfig } from 'vitest/config';

/** Some of these put mocks in the place of the SDK's clients, or clean up after the file as a whole. */
const ISOLATED = [
  'test/unit/**/*.test.ts',
  'test/integration/{local,ops}/**/*.test.ts',
  'test/scenarios/night-shift/*.test.ts',
  'test/security/private-files.test.ts',
];

export default defineConfig({
  test: {
    // Most tests wait for queues and timers most of the time: three at once keep two cores busy.
    maxWorkers: 3,
    // V8 of Node.js 24 can abort with 'Check failed: jit_page.has_value()', seen on processors with memory protection keys.
    execArgv: ['--no-memory-protection-keys'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'isolated', include: ISOLATED } },
      // These share what they import within a worker: the CDK alone takes a second to load.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: ISOLATED, isolate: false },
      },
    ],
  },
});
