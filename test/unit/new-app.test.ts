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
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fanfare-new-app-')));
const CLI = resolve('lib/cli/fanfare.ts');
const fanfare = (cwd: string, ...args: readonly string[]) => run(process.execPath, [CLI, ...args], { cwd });
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const own = readJson('package.json');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('fanfare init', () => {
  const app = join(folder, 'My-Library');

  beforeAll(async () => {
    await fanfare(folder, 'init', 'My-Library');
    mkdirSync(join(app, 'node_modules'));
    for (const name of ['aws-cdk-lib', 'constructs', 'zod'])
      symlinkSync(resolve('node_modules', name), join(app, 'node_modules', name));
    symlinkSync(resolve('.'), join(app, 'node_modules/fanfare'));
  });

  it('writes 14 files at most, for an app that is called as its folder is', () => {
    const files = readdirSync(app, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('node_modules'),
    );
    expect(files.length).toBe(readdirSync('lib/cli/init/template').length);
    expect(files.length).toBeLessThanOrEqual(14);
    expect(readJson(join(app, 'cdk.json')).context.app).toBe('mylibrary');
    expect(readJson(join(app, 'package.json'))).toMatchObject({
      name: 'mylibrary',
      dependencies: { fanfare: `^${own.version}` },
    });
    expect(statSync(join(app, '.ci/run')).mode & 0o111).toBe(0o111);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'utf8'), name).not.toContain('{{');
  });

  it('whose contracts are published, and whose stacks synthesize', async () => {
    await fanfare(app, 'contracts', 'check');
    const env = { ...process.env, CDK_OUTDIR: join(app, 'cdk.out') };
    const context = { ...readJson(join(app, 'cdk.json')).context, 'aws:cdk:bundling-stacks': [] };
    await run(process.execPath, ['bin/app.ts'], {
      cwd: app,
      env: { ...env, CDK_CONTEXT_JSON: JSON.stringify(context) },
    });
    expect(readdirSync(join(app, 'cdk.out'))).toContain('mylibrary-dev-Shelf.template.json');
  });

  it('leaves a folder alone that holds something, and names it', async () => {
    await expect(fanfare(folder, 'init', 'My-Library')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not empty: it has .ci, .gitignore, README.md, bin, cdk.json and'),
    });
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(fanfare(folder, 'init', 'file', '--json')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${file} is a file; name a folder that is not there yet`),
    });
  });

  it('takes a folder that only git has made, and a name that is said', async () => {
    mkdirSync(join(folder, '2nd/.git'), { recursive: true });
    const { stdout } = await fanfare(join(folder, '2nd'), 'init', '.', '--name', 'second', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'project',
      data: { app: 'second', directory: join(folder, '2nd'), files: expect.arrayContaining(['bin/app.ts']) },
    });
  });

  it.each([
    [
      ['init', '123'],
      '123 makes no name for an app; say one with --name: 1 to 20 lower case letters and digits',
    ],
    [['init', 'third', '--name', 'a-b'], 'Use 1 to 20 lower case letters and digits, a letter first.'],
    [['init'], "missing required argument 'folder'"],
  ])('%j is a usage error, and writes nothing', async (args, message) => {
    const before = readdirSync(folder);
    await expect(fanfare(folder, ...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('the template of a new app', () => {
  const template = (name: string) => readJson(`lib/cli/init/template/${name}.template`);

  it('pins the versions that this repository is tested with', () => {
    const { dependencies, devDependencies, optionalDependencies } = template('package.json');
    const { '{{package}}': _, ...pinned } = { ...dependencies, ...devDependencies, ...optionalDependencies };
    const tested = { ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies };
    for (const [name, version] of Object.entries(pinned)) expect(version, name).toBe(tested[name]);
  });

  it('has the flags of the CDK that this repository has', () => {
    const { app: _, ...flags } = readJson('cdk.json').context;
    expect(template('cdk.json').context).toEqual({ ...flags, app: '{{app}}' });
  });
});
