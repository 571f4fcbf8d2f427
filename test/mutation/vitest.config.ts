import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import type { TestRun } from './test-oracle.ts';

// Set by the tests' oracle, and by nobody else.
const { fault, tests } = JSON.parse(process.env.FANFARE_MUTATION ?? '') as TestRun;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const mutated = fault && `${ROOT}${fault.file}`;

/** In the order of the oracle. */
class InOrder extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => tests.indexOf(moduleId.slice(ROOT.length));
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

/** It puts a mock in the place of a client of the SDK, which others need as it is. */
const MOCKING = ['test/unit/publish/publisher.test.ts'];

/** The tests of the environment, with the mutant of the environment in the source. */
export default defineConfig({
  root: ROOT,
  cacheDir: 'node_modules/.vite-mutation',
  plugins: [
    {
      name: 'mutant',
      // Vitest keeps what it has transformed: not the mutant, and not its place.
      configureVitest: ({ defineCacheKeyGenerator }) =>
        defineCacheKeyGenerator(({ id }) => (id === mutated ? false : undefined)),
      enforce: 'pre',
      transform: (code, id) =>
        fault && id === mutated ? code.replace(fault.find, () => fault.replace) : undefined,
    },
  ],
  test: {
    maxWorkers: 1,
    execArgv: ['--no-memory-protection-keys'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    bail: fault ? 1 : 0,
    sequence: { sequencer: InOrder },
    projects: [
      // One process for all: to load the SDK and the runtime costs more than most tests.
      {
        extends: true,
        test: { name: 'shared', include: tests.filter((one) => !MOCKING.includes(one)), isolate: false },
      },
      { extends: true, test: { name: 'isolated', include: tests.filter((one) => MOCKING.includes(one)) } },
    ],
  },
});
