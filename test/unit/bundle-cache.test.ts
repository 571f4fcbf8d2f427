import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBundles } from '../../lib/constructs/function/bundle.ts';
import { bundleCode } from '../../lib/constructs/function/bundle-code.ts';
import { Bundler } from '../../lib/constructs/function/bundler.ts';
import { SharedCode } from '../../lib/constructs/function/shared-code.ts';

let project: string;
const path = (file: string): string => join(project, file);
const handler = (name: string): string => path(`lambdas/${name}/handler.ts`);

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), content);
  }
}

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'fanfare-bundles-')));
  write({
    'cdk.json': '{ "app": "node app.ts" }',
    'lambdas/one/handler.ts': `import './effect';
import { word } from './word';
import { greet } from '../../shared/greet.ts';
import { unused } from '../../shared/unused.ts';
export const handler = () => greet(word);`,
    'lambdas/one/effect.ts': 'globalThis.name = "effect-1";',
    'lambdas/one/word.js': 'export const word = "word-1";',
    'lambdas/two/handler.ts': 'export const handler = () => "two-1";',
    'shared/greet.ts': 'export { greet } from "polite";',
    'shared/unused.ts': 'globalThis.name = "imported-for-nothing"; export type unused = string;',
    'node_modules/polite/package.json': '{ "name": "polite", "main": "first.js" }',
    'node_modules/polite/first.js': 'exports.greet = (name) => "polite-1 " + name;',
    'node_modules/polite/second.js': 'exports.greet = (name) => "polite-2 " + name;',
  });
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

const codeOf = (bundler: Bundler, name: string): string =>
  Buffer.from(bundler.bundle(handler(name)).get('index.cjs') ?? '').toString();

const textsOf = (bundle: ReadonlyMap<string, Uint8Array>) =>
  new Map([...bundle].map(([name, content]) => [name, Buffer.from(content).toString()]));

/** The files of a function, as esbuild writes them without a cache. */
function bundleAlone(name: string): ReadonlyMap<string, Uint8Array> {
  const [built] = buildBundles([handler(name)], new SharedCode());
  return built?.files ?? new Map();
}

/** The code of a function, as the next synthesis bundles it, when the clock of the disk has gone on. */
async function synthesize(name = 'one'): Promise<string> {
  await setTimeout(50);
  return codeOf(new Bundler(), name);
}

const cache = (): string => path('node_modules/.cache/fanfare/bundles');
const files = (): string[] => readdirSync(cache()).map((name) => join(cache(), name));
const bundles = (): string[] => files().filter((file) => readFileSync(file, 'utf8').startsWith('{"builder"'));

/** A file that is written again is another file of the same name. */
const written = (): string =>
  readdirSync(cache())
    .map((name) => `${name} ${statSync(join(cache(), name)).ino}`)
    .join('\n');

it('uses the bundle of the last synthesis when nothing has changed', async () => {
  const first = await synthesize();
  const before = written();
  expect(await synthesize()).toBe(first);
  expect(written()).toBe(before);
});

const CHANGES: Readonly<Record<string, { readonly files: Record<string, string>; readonly says: string }>> = {
  'the handler': {
    files: { 'lambdas/one/handler.ts': 'export const handler = () => "handler-2";' },
    says: 'handler-2',
  },
  'a file that it imports': {
    files: { 'lambdas/one/word.js': 'export const word = "word-2";' },
    says: 'word-2',
  },
  'a file of a dependency': {
    files: { 'node_modules/polite/first.js': 'exports.greet = () => "polite-3";' },
    says: 'polite-3',
  },
  'the package.json of a dependency': {
    files: { 'node_modules/polite/package.json': '{ "name": "polite", "main": "second.js" }' },
    says: 'polite-2',
  },
  'a new file that is found before another': {
    files: { 'lambdas/one/word.ts': 'export const word = "word-3";' },
    says: 'word-3',
  },
  'a new package that is found before another': {
    files: { 'shared/node_modules/polite/index.js': 'exports.greet = () => "nearer";' },
    says: 'nearer',
  },
  'a new tsconfig.json': {
    files: { 'tsconfig.json': '{ "compilerOptions": { "verbatimModuleSyntax": true } }' },
    says: 'imported-for-nothing',
  },
};

it.each(Object.entries(CHANGES))(
  'builds a bundle again after a change of %s',
  async (_, { files: changed, says }) => {
    expect(await synthesize()).not.toContain(says);
    expect(bundles()).toHaveLength(2);
    write(changed);
    expect(await synthesize()).toContain(says);
  },
);

it('builds a bundle again when the index of a folder gives way to a file of its name', async () => {
  write({
    'lambdas/one/handler.ts': 'import { a } from "./a"; export const handler = () => a;',
    'lambdas/one/a/index.ts': 'export const a = "index";',
  });
  expect(await synthesize()).toContain('index');
  write({ 'lambdas/one/a.ts': 'export const a = "file";' });
  expect(await synthesize()).toContain('file');
});

it('builds a bundle again when the index of a folder of a package gives way to a file of its name', async () => {
  write({
    'lambdas/one/handler.ts': 'import { a } from "polite/a"; export const handler = () => a;',
    'node_modules/polite/a/index.js': 'exports.a = "index";',
  });
  expect(await synthesize()).toContain('index');
  write({ 'node_modules/polite/a.js': 'exports.a = "file";' });
  expect(await synthesize()).toContain('file');
});

describe('a link to a folder', () => {
  const turn = (link: string, folder: string): void => {
    rmSync(path(link), { force: true });
    symlinkSync(folder, path(link));
  };
  const imports = (file: string): void =>
    write({ 'lambdas/one/handler.ts': `import { x } from "${file}"; export const handler = () => x;` });

  beforeEach(() =>
    write({
      'd1/x.ts': 'export const x = "folder-1";',
      'd2/x.ts': 'export const x = "folder-2";',
      'd1/index.js': 'exports.x = "index-1";',
      'd2/index.js': 'exports.x = "index-2";',
      'd1/sub/x.ts': 'export const x = "deep-1";',
      'd2/sub/x.ts': 'export const x = "deep-2";',
    }),
  );

  it.each([
    ['dl', '../../dl/x.ts', 'folder'],
    ['dl', '../../dl/x', 'folder'],
    ['el', '../../el/sub/x.ts', 'deep'],
    ['node_modules/polite/dl', 'polite/dl/x.ts', 'folder'],
    ['node_modules/polite/el', 'polite/el/sub/x', 'deep'],
    ['node_modules/polite/main', 'polite/main/', 'index'],
  ])(
    'builds a bundle again when the link %s leads elsewhere, and %s is imported',
    async (link, file, says) => {
      turn(link, path('d1'));
      imports(file);
      expect(await synthesize()).toContain(`${says}-1`);
      expect(bundles()).toHaveLength(2);
      turn(link, path('d2'));
      expect(await synthesize()).toContain(`${says}-2`);
    },
  );

  it('builds a bundle again when its own folder is a link that leads elsewhere', async () => {
    write({
      'd1/handler.ts': 'export const handler = () => "handler-1";',
      'd2/handler.ts': 'export const handler = () => "handler-2";',
    });
    turn('lambdas/three', path('d1'));
    expect(await synthesize('three')).toContain('handler-1');
    turn('lambdas/three', path('d2'));
    expect(await synthesize('three')).toContain('handler-2');
  });

  it('builds a bundle again when the link was turned during the synthesis', async () => {
    turn('al', path('d1'));
    turn('dl', path('al'));
    imports('../../dl/x.ts');
    await synthesize('one');
    write({ 'lambdas/three/handler.ts': 'export { x as handler } from "../../dl/x.ts";' });
    await setTimeout(50);
    const bundler = new Bundler();
    expect(codeOf(bundler, 'one')).toContain('folder-1');
    turn('al', path('d2'));
    expect(codeOf(bundler, 'three')).toContain('folder-2');
    turn('al', path('d1'));
    expect(await synthesize('three')).toContain('folder-1');
  });
});

it('builds a bundle again when a file is gone that was found before another', async () => {
  write({ 'lambdas/one/word.ts': 'export const word = "word-3";' });
  expect(await synthesize()).toContain('word-3');
  rmSync(path('lambdas/one/word.ts'));
  expect(await synthesize()).toContain('word-1');
});

it('builds a bundle again when the link of a package leads somewhere else', async () => {
  for (const version of ['left', 'right'])
    write({ [`packages/${version}/index.js`]: `exports.greet = () => "${version}";` });
  const link = (version: string): void => {
    rmSync(path('node_modules/polite'), { recursive: true });
    symlinkSync(path(`packages/${version}`), path('node_modules/polite'));
  };
  link('left');
  expect(await synthesize()).toContain('left');
  link('right');
  expect(await synthesize()).toContain('right');
});

it.each(['./base.json', './base', 'settings', 'settings/base.json'])(
  'builds a bundle again when the tsconfig.json changes that %s is extended by',
  async (name) => {
    const bases = ['base.json', 'node_modules/settings/tsconfig.json', 'node_modules/settings/base.json'];
    const extend = (content: string): void => write(Object.fromEntries(bases.map((file) => [file, content])));
    write({ 'tsconfig.json': JSON.stringify({ extends: name }) });
    extend('{}');
    expect(await synthesize()).not.toContain('imported-for-nothing');
    extend('{ "compilerOptions": { "verbatimModuleSyntax": true } }');
    expect(await synthesize()).toContain('imported-for-nothing');
  },
);

it('keeps nothing when a tsconfig.json sends imports to other folders', async () => {
  write({ 'tsconfig.json': '{ "compilerOptions": { "paths": { "polite": ["./packages/polite.js"] } } }' });
  write({ 'packages/polite.js': 'exports.greet = () => "mapped";' });
  expect(await synthesize()).toContain('mapped');
  expect(await synthesize()).toContain('mapped');
  expect(() => readdirSync(cache())).toThrow('ENOENT');
});

it('does not keep a bundle of a file that has changed since the synthesis began', async () => {
  const word = readFileSync(path('lambdas/one/word.js'), 'utf8');
  await synthesize('one');
  write({ 'lambdas/three/handler.ts': 'export { word as handler } from "../one/word";' });
  await setTimeout(50);
  const bundler = new Bundler();
  expect(codeOf(bundler, 'one')).toContain('word-1');
  write({ 'lambdas/one/word.js': 'export const word = "for-a-moment";' });
  expect(codeOf(bundler, 'three')).toContain('for-a-moment');
  write({ 'lambdas/one/word.js': word });
  expect(await synthesize('three')).toContain('word-1');
});

describe('a damaged file', async () => {
  const DAMAGES: Readonly<Record<string, (content: Buffer) => Buffer>> = {
    'cut short': (content) => content.subarray(0, content.length - 1),
    'cut in its first line': (content) => content.subarray(0, 20),
    empty: () => Buffer.alloc(0),
    'with another byte at its end': (content) => {
      content.writeUInt8(content.readUInt8(content.length - 1) ^ 1, content.length - 1);
      return content;
    },
    'of other options, or another esbuild': (content) =>
      Buffer.from(content.toString('latin1').replace(/"builder":"./, '"builder":"#'), 'latin1'),
  };

  it.each(Object.entries(DAMAGES))('%s is not used, and is written again', async (_, damage) => {
    const first = await synthesize();
    const before = written();
    for (const file of bundles()) writeFileSync(file, damage(readFileSync(file)));
    expect(await synthesize()).toBe(first);
    expect(written()).not.toBe(before);
    const repaired = written();
    expect(await synthesize()).toBe(first);
    expect(written()).toBe(repaired);
  });
});

it('builds a bundle again when the file with the inputs that bundles share is cut short', async () => {
  const first = await synthesize();
  for (const file of files().filter((one) => !bundles().includes(one)))
    writeFileSync(file, readFileSync(file).subarray(0, 20));
  expect(await synthesize()).toBe(first);
  const repaired = written();
  expect(await synthesize()).toBe(first);
  expect(written()).toBe(repaired);
});

describe('what no synthesis has used for a week', () => {
  const DAY = 24 * 60 * 60 * 1000;
  /** As if the last synthesis that used these files was so long ago. */
  function age(days: number): void {
    const then = new Date(Date.now() - days * DAY);
    for (const file of files()) utimesSync(file, then, then);
  }

  it('is removed when a bundle is written', async () => {
    await synthesize();
    write({ 'node_modules/.cache/fanfare/bundles/half.written': '' });
    write({ 'shared/greet.ts': 'export const greet = () => "greet-2";' });
    age(8);
    const old = files().length;
    await synthesize();
    const yesterday = Date.now() - DAY;
    expect(files().filter((file) => statSync(file).mtimeMs < yesterday)).toEqual([]);
    // The half of a file is gone; the file with the inputs that bundles share has made way for a new one.
    expect(files()).toHaveLength(old - 1);
    const after = written();
    expect(await synthesize()).toContain('greet-2');
    expect(written()).toBe(after);
  });

  it('does not include what a synthesis has read since', async () => {
    await synthesize();
    const used = files();
    age(8);
    await synthesize();
    write({ 'lambdas/three/handler.ts': 'export const handler = () => "three-1";' });
    await synthesize('three');
    expect(files()).toEqual(expect.arrayContaining(used));
  });

  it('stays for a week', async () => {
    await synthesize();
    const before = files();
    age(6);
    write({ 'shared/greet.ts': 'export const greet = () => "greet-2";' });
    await synthesize();
    expect(files()).toEqual(expect.arrayContaining(before));
  });

  it('stays when it cannot be removed, and the synthesis goes on', async () => {
    await synthesize();
    write({ 'node_modules/.cache/fanfare/bundles/folder/file': '' });
    write({ 'shared/greet.ts': 'export const greet = () => "greet-2";' });
    age(8);
    expect(await synthesize()).toContain('greet-2');
    expect(readdirSync(cache())).toContain('folder');
  });
});

it('bundles without a cache where none can be written', async () => {
  write({ 'node_modules/.cache': 'a file, and no folder' });
  expect(await synthesize()).toContain('word-1');
  expect(await synthesize()).toContain('word-1');
});

it('bundles the other functions of the project in the same call, each as if it were alone', async () => {
  await synthesize('one');
  const before = written();
  const kept = new Bundler().bundle(handler('two'));
  expect(written()).toBe(before);
  expect(textsOf(kept)).toEqual(textsOf(bundleAlone('two')));
});

it('bundles a function although another one does not compile, which says so in its turn', () => {
  write({ 'lambdas/broken/handler.ts': 'export const handler = (' });
  const bundler = new Bundler();
  expect(codeOf(bundler, 'one')).toContain('word-1');
  expect(() => bundler.bundle(handler('broken'))).toThrow(/broken\/handler\.ts/);
  expect(codeOf(bundler, 'two')).toContain('two-1');
});

it('bears several syntheses at once', async () => {
  const module = join(process.cwd(), 'lib/constructs/function/bundler.ts');
  const script = `import { Bundler } from ${JSON.stringify(module)};
    const bundler = new Bundler();
    for (const file of ${JSON.stringify([handler('one'), handler('two')])})
      console.log(Buffer.from(bundler.bundle(file).get('index.cjs')).toString('base64'));
    process.exit(0);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const outputs = await Promise.all([run(), run(), run()]);
  const expected = ['one', 'two'].map((name) => Buffer.from(bundleAlone(name).get('index.cjs') ?? ''));
  for (const { stdout } of outputs)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => Buffer.from(line, 'base64')),
    ).toEqual(expected);
  expect(readdirSync(cache()).filter((name) => name.includes('.'))).toEqual([]);
});

/** The folders of assets that the CDK makes of these functions in one synthesis, by their hash. */
function assetsOf(...names: readonly string[]): string[] {
  const outdir = mkdtempSync(join(project, 'out-'));
  const app = new App({ outdir });
  for (const name of names) {
    const stack = new Stack(app, name);
    new LambdaFunction(stack, 'Function', {
      code: bundleCode(stack, handler(name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
    });
  }
  app.synth();
  return readdirSync(outdir).filter((file) => file.startsWith('asset.'));
}

it('gives the CDK the same assets from an empty and a warm cache, together and alone', async () => {
  await setTimeout(50);
  const together = assetsOf('one', 'two');
  expect(together).toHaveLength(2);
  await setTimeout(50);
  expect(assetsOf('one', 'two')).toEqual(together);
  rmSync(cache(), { recursive: true });
  expect(assetsOf('two', 'one')).toEqual(together);
  rmSync(path('cdk.json'));
  rmSync(cache(), { recursive: true, force: true });
  expect([...assetsOf('one'), ...assetsOf('two')].sort()).toEqual(together);
});
