import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Ended } from '../contracts-project.ts';

/** A repository of its own: a folder with files, and with packages as npm would have installed them. */
export interface Repository {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Runs `fanfare contracts` in the folder. */
  contracts(...args: readonly string[]): Promise<Ended>;
  /** Runs a script of a package, or a file, with Node. */
  node(...args: readonly string[]): Promise<Ended>;
  remove(): void;
}

/** What both repositories have installed. */
const PACKAGES = ['zod', 'typescript', 'esbuild', '@types/node'];

export function createRepository(app: string, files: Readonly<Record<string, string>>): Repository {
  const folder = mkdtempSync(join(tmpdir(), `fanfare-${app}-`));
  const write = (all: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  const link = (name: string, target: string): void => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  };
  for (const name of PACKAGES) link(name, resolve('node_modules', name));
  link('fanfare', resolve('.'));
  write({
    'package.json': JSON.stringify({
      name: app,
      version: '1.4.0',
      type: 'module',
      dependencies: { zod: '4.6.7' },
    }),
    'cdk.json': JSON.stringify({ app: 'node bin/app.ts', context: { app } }),
    'tsconfig.json': JSON.stringify({ compilerOptions: STRICT, include: ['events', 'lambdas'] }),
    ...files,
  });
  const node = (...args: readonly string[]): Promise<Ended> =>
    new Promise((done) => {
      execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      });
    });
  return {
    folder,
    write,
    node,
    contracts: (...args) => node(resolve('lib/cli/fanfare.ts'), 'contracts', ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const STRICT = {
  target: 'ES2024',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['ESNext'],
  types: ['node'],
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};
