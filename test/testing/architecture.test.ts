import { globSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { expect, it } from 'vitest';

const files = globSync('lib/testing/**/*.ts');
const MAY_IMPORT = [
  /^lib\/(testing|runtime|contracts|aws|local)\//,
  /^lib\/publishing\/(topic|client)\//,
  // What the runtime sends to the queue of later events.
  /^lib\/later\/later-message\.ts$/,
  // Why a consumer takes no messages.
  /^lib\/intake\/intake-(state|table)\.ts$/,
  /^@aws-sdk\//,
  /^aws-lambda$/,
  /^node:/,
];

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:^|\n)(?:import|export)[^'"]*?from '([^']+)'/g)]
    .map(([, name = '']) => name)
    .map((name) => (name.startsWith('.') ? normalize(`${dirname(file)}/${name}`) : name));
}

it.each(files)('%s imports neither the constructs nor a test', (file) => {
  expect(importsOf(file).filter((name) => !MAY_IMPORT.some((pattern) => pattern.test(name)))).toEqual([]);
});

it('its own tests reach the framework by its public names, but for the parts that are tested alone', () => {
  const alone = new Set(
    [
      'architecture.test',
      'dynamodb.test',
      'ends-by-itself.test',
      'runtime-commands',
      'runtime-commands.test',
    ].map((name) => `test/testing/${name}.ts`),
  );
  const wrong = globSync('test/testing/**/*.ts').filter(
    (file) => !alone.has(file) && importsOf(file).some((name) => name.startsWith('lib/')),
  );
  expect(wrong).toEqual([]);
});
