import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Bundler } from '../../lib/constructs/function/bundler.ts';

// Inside the project, so that `fanfare/runtime` is found as a handler finds it.
const folder = mkdtempSync(join('test', 'shared-code-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of a handler of this text, by their names. */
function bundleText(name: string, text: string): ReadonlyMap<string, string> {
  const entry = join(folder, `${name}.ts`);
  writeFileSync(entry, text);
  return new Map(
    [...new Bundler().bundle(entry)].map(([file, code]) => [file, Buffer.from(code).toString()]),
  );
}

const consumer = (name: string, imports = '', use = '') => `${imports}
import { defineConsumer, defineEvent } from 'fanfare/contracts';
import { consume } from 'fanfare/runtime';
import * as z from 'zod';
const Asked = defineEvent({ type: 'test.Asked', version: 1, description: 'Asked.', data: z.object({ no: z.int() }) });
const definition = defineConsumer({ name: '${name}', description: 'Answers.', listensTo: [Asked] });
export const handler = consume(definition, { 'test.Asked': async () => { ${use} } });
`;
/** Part of a name that only the code that runs consumers has. */
const OF_THE_RUNTIME = 'IDEMPOTENCY_TABLE';

describe('a consumer', () => {
  const [one, two] = ['one', 'two'].map((name) => bundleText(name, consumer(name)));

  it('has what is its own in one file, and what every consumer has in another', () => {
    expect([...(one?.keys() ?? [])]).toEqual([
      'index.cjs',
      'index.cjs.map',
      'fanfare.cjs',
      'fanfare.cjs.map',
    ]);
    expect(one?.get('index.cjs')).not.toContain(OF_THE_RUNTIME);
    expect(one?.get('fanfare.cjs')).toContain(OF_THE_RUNTIME);
    expect(one?.get('fanfare.cjs')).not.toContain('ZodObject');
  });

  it('has the same code of that beside it as another one', () => {
    expect(two?.get('fanfare.cjs')).toBe(one?.get('fanfare.cjs'));
    expect(two?.get('fanfare.cjs.map')).toBe(one?.get('fanfare.cjs.map'));
    expect(two?.get('index.cjs')).not.toBe(one?.get('index.cjs'));
  });

  it('starts with the two files alone', () => {
    const alone = join(folder, 'alone');
    mkdirSync(alone);
    for (const [name, code] of one ?? []) writeFileSync(join(alone, name), code);
    const script = `process.stdout.write(typeof require(${JSON.stringify(join(process.cwd(), alone, 'index.cjs'))}).handler)`;
    const env = {
      IDEMPOTENCY_TABLE: 't',
      QUEUE_URL: 'q',
      DEAD_LETTER_QUEUE_URL: 'd',
      DATA_BUCKET: 'b',
      AWS_REGION: 'eu-west-1',
    };
    expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })).toBe('function');
  });
});

describe('a function is bundled whole', () => {
  it('when it imports by itself a part of what consumers share, which it would have twice', () => {
    const files = bundleText(
      'with-sdk',
      consumer('with-sdk', "import { KMSClient } from '@aws-sdk/client-kms';", 'new KMSClient({});'),
    );
    expect([...files.keys()]).toEqual(['index.cjs', 'index.cjs.map']);
    expect(files.get('index.cjs')?.split(OF_THE_RUNTIME)).toHaveLength(2);
  });

  it('when it imports nothing of the package', () => {
    const files = bundleText('plain', 'export const handler = () => 1;');
    expect([...files.keys()]).toEqual(['index.cjs', 'index.cjs.map']);
  });
});

it.each([
  ['fanfare/runtime', 'putItems'],
  ['fanfare/contracts', 'defineEvents'],
])('a name that %s does not export is an error that says where it is imported', (path, name) => {
  const text = `import { ${name} } from '${path}'; export const handler = () => ${name}();`;
  expect(() => bundleText(`missing-${name}`, text)).toThrow(
    new RegExp(`missing-${name}\\.ts:1:9: ERROR: No matching export in .*${path}.* for import "${name}"`),
  );
});
