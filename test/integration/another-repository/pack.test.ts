import { cpSync, existsSync, globSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDocumented } from '../ops/documented-shapes.ts';
import { createRepository, type Repository } from './folders.ts';
import { AUDIT, LIBRARY } from './library.ts';

const MINUTE = 60_000;
let library: Repository;
let audit: Repository;

beforeAll(() => {
  library = createRepository('library', LIBRARY);
  audit = createRepository('audit', AUDIT);
});

afterAll(() => {
  library.remove();
  audit.remove();
});

/** Every file of a folder with its content. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = globSync('**/*.*', { cwd: folder, exclude: ['**/node_modules/**'] }).toSorted();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

describe('the contracts of a repository are packed for another one', () => {
  it('not before their schemas are published', async () => {
    expect(await library.contracts('pack')).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not as it was published, so nothing was packed'),
    });
    expect(existsSync(join(library.folder, 'dist'))).toBe(false);
    expect((await library.contracts('accept')).code).toBe(0);
  });

  it('with the version of the app, and the same bytes each time', { timeout: MINUTE }, async () => {
    const { code, output } = await library.contracts('pack', '--json');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { kind, data } = JSON.parse(output);
    expectDocumented(kind, data);
    expect(data).toMatchObject({ name: '@library/contracts', version: '1.4.0' });
    const first = contentOf(data.directory);
    expect((await library.contracts('pack')).code).toBe(0);
    expect(contentOf(data.directory)).toEqual(first);
    expect(JSON.parse(first['package.json'] ?? '')).toMatchObject({
      peerDependencies: { fanfare: expect.stringMatching(/^\^\d/), zod: '^4.6.7' },
    });
    expect(first['README.md']).toContain('| `MemberJoined` | `library.MemberJoined` | 1, 2 |');
    // Nothing is left of the work, neither here nor beside the package.
    expect(readdirSync(join(library.folder, '.fanfare'))).toEqual([]);
    expect(readdirSync(join(library.folder, 'dist'))).toEqual(['contracts']);
  });

  it('whose consumers have the same types', { timeout: 2 * MINUTE }, async () => {
    const to = join(audit.folder, 'node_modules/@library/contracts');
    cpSync(join(library.folder, 'dist/contracts'), to, { recursive: true });
    const checked = await audit.node('node_modules/typescript/bin/tsc');
    expect(checked).toEqual({ code: 0, output: '' });
  });

  it('and the same contracts at run time, as they are and in a bundle', async () => {
    audit.write({
      'print.ts': `import * as contracts from '@library/contracts';
import schema from '@library/contracts/schemas/library.MemberJoined.v1.json' with { type: 'json' };
const { CardPrinted, MemberJoined } = contracts;
console.log(JSON.stringify([Object.keys(contracts), CardPrinted.internal, CardPrinted.links, MemberJoined.upcast(1, { memberId: 'a' }), schema.title]));
`,
    });
    const expected = [
      ['BookReturned', 'CardPrinted', 'MemberJoined'],
      true,
      ['https://cards.example.com/'],
      { memberId: 'a', kind: 'adult' },
      'library.MemberJoined.v1',
    ];
    expect(JSON.parse((await audit.node('print.ts')).output)).toEqual(expected);
    const bundle = ['print.ts', '--bundle', '--format=esm', '--platform=node', '--outfile=bundle.mjs'];
    await audit.node('node_modules/esbuild/bin/esbuild', '--log-level=warning', ...bundle);
    expect(JSON.parse((await audit.node('bundle.mjs')).output)).toEqual(expected);
  });

  it('or only some of them, without the files of the others', { timeout: MINUTE }, async () => {
    const out = join(library.folder, 'dist/some');
    const { code, output } = await library.contracts('pack', '--only', 'library.BookReturned', '--out', out);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(Object.keys(contentOf(out))).toEqual([
      'README.md',
      'events/books.js',
      'index.d.ts',
      'index.js',
      'package.json',
      'schemas/library.BookReturned.v1.json',
      'types/events/books.d.ts',
    ]);
    const another = ['--only', 'library.MemberJoined', '--out', out, '--json'];
    expect(JSON.parse((await library.contracts('pack', ...another)).output).data).toMatchObject({
      contracts: { MemberJoined: ['library.MemberJoined.v1', 'library.MemberJoined.v2'] },
      unshared: ['library.CardPrinted'],
    });
    expect(await library.contracts('pack', '--only', 'library.BookReturne')).toMatchObject({
      code: 2,
      output: expect.stringContaining('did you mean library.BookReturned?'),
    });
  });

  it('and nothing else is overwritten, nor packed', { timeout: MINUTE }, async () => {
    expect(await library.contracts('pack', '--out', 'events')).toMatchObject({
      code: 1,
      output: expect.stringContaining('has something else than a package of contracts'),
    });
    library.write({ 'shared/ids.ts': `import 'node:fs';\n${LIBRARY['shared/ids.ts']}` });
    expect(await library.contracts('pack')).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'shared/ids.ts imports node:fs; contracts that are packed may import only',
      ),
    });
    library.write(LIBRARY);
    rmSync(join(library.folder, 'node_modules/typescript'));
    expect(await library.contracts('pack')).toMatchObject({
      code: 1,
      output: expect.stringContaining('npm install --save-dev typescript'),
    });
  });
});
