import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Fault } from '../simulation/faults/fault.ts';

const { FANFARE_MUTANT } = process.env;
// Set by the tests' oracle, and by nobody else.
const mutant = FANFARE_MUTANT === undefined ? undefined : (JSON.parse(FANFARE_MUTANT) as Fault);
const UNIT = ['test/unit/{runtime,publish,publisher}/*.test.ts'];
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const mutated = mutant && `${ROOT}${mutant.file}`;

/** The tests that are near to what is mutated, with the mutant of the environment in the source. */
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
        mutant && id === mutated ? code.replace(mutant.find, () => mutant.replace) : undefined,
    },
  ],
  test: {
    maxWorkers: 1,
    execArgv: ['--no-memory-protection-keys'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    bail: 1,
    projects: [
      {
        extends: true,
        // It measures what hostile requests cost, for a minute.
        test: { name: 'unit', include: UNIT, exclude: ['test/unit/publish/hostile.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/runtime/*.test.ts', 'test/integration/publisher.test.ts'],
          isolate: false,
        },
      },
    ],
  },
});
