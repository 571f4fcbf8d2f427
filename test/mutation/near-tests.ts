import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tests that load the source into their own process, where a mutant can be, and end within seconds. */
const TESTS = {
  include: [
    'test/unit/{bridges,publish,publisher,runtime,runtime/breaker,saga}/*.test.ts',
    'test/unit/contracts/{conformance,json}.test.ts',
    'test/integration/{data-filter,publisher,rate-limit}.test.ts',
    'test/integration/runtime/*.test.ts',
    'test/security/*.test.ts',
    'test/testing/*.test.ts',
  ],
  exclude: [
    // It measures what hostile requests cost, for a minute.
    'test/unit/publish/hostile.test.ts',
    // These start whole apps or programs.
    'test/security/{console-*,private-files,signed-links,supply-chain}.test.ts',
    'test/testing/{ends-by-itself,simulate,start-test-bus}.test.ts',
    // They compare engines.
    'test/testing/{dynamodb,runtime-commands}.test.ts',
  ],
};
/** How much further away than the nearest test a test may be. */
const MORE_STEPS = 2;

/** @returns the test files whose imports reach the file in few steps, and those of its folder of `lib` that reach it at all */
export function testsNear(file: string): string[] {
  const found = [...distances()].flatMap(([test, reached]) => {
    const steps = reached.get(file);
    return steps === undefined ? [] : [{ test, steps }];
  });
  const limit = Math.min(...found.map(({ steps }) => steps)) + MORE_STEPS;
  const [, folder] = file.split('/');
  return found
    .filter(({ test, steps }) => steps <= limit || test.includes(`/${folder}/`))
    .map(({ test }) => test);
}

let known: Map<string, Map<string, number>> | undefined;

/** How many steps each test file is from each file that it loads. */
function distances(): Map<string, Map<string, number>> {
  const tests = globSync(TESTS.include, { exclude: TESTS.exclude }).toSorted();
  known ??= new Map(tests.map((test) => [test, stepsFrom(test)]));
  return known;
}

function stepsFrom(start: string): Map<string, number> {
  const steps = new Map([[start, 0]]);
  // A map's entries may grow while they are read: the nearest come first.
  for (const [file, count] of steps) {
    for (const next of importsOf(file)) if (!steps.has(next)) steps.set(next, count + 1);
  }
  return steps;
}

const IMPORT = /(?:^|\n)(?:import|export)\s(?!type\s)[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)/g;
const imports = new Map<string, string[]>();

function importsOf(file: string): string[] {
  const before = imports.get(file);
  if (before) return before;
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)].flatMap(([, fixed, later]) => {
    const path = resolve(fixed ?? later ?? '', file);
    return path?.endsWith('.ts') && existsSync(path) ? [path] : [];
  });
  imports.set(file, found);
  return found;
}

// The project's own.
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
};

/** @returns the path from the root of the project; undefined for what is not of the project */
function resolve(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const own = specifier.startsWith(`${name}/`) ? exports[`.${specifier.slice(name.length)}`] : undefined;
  return own && join(own);
}
