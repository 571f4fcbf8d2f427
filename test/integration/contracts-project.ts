import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { EVENTS } from '../apps/orders/project.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A copy of the events of the tests' app, beside links to what they are made of. */
export interface ContractsProject {
  readonly folder: string;
  readonly events: string;
  /** Runs `fanfare contracts` on the copy. */
  contracts(...args: readonly string[]): Promise<Ended>;
  /** Edits the events as somebody would who thinks of their own service only. */
  edit(from: string | RegExp, to: string): void;
  /** Runs git in the copy, with no configuration of this machine, and gives what it prints. */
  git(...args: readonly string[]): string;
  commit(message: string): void;
  schemaFile(type: string): string;
  /** A clone of the copy, as a machine of CI makes it. */
  clone(...options: readonly string[]): ContractsProject;
  remove(): void;
}

/** Git with neither the configuration of the machine nor what a hook that runs these tests has set. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** Makes a copy in a folder of its own, without git. */
export function createContractsProject(): ContractsProject {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-contracts-'));
  cpSync(EVENTS, join(folder, 'events'), { recursive: true });
  return openContractsProject(folder);
}

/** A copy whose events are committed on the branch main. */
export function createCommittedProject(): ContractsProject {
  const project = createContractsProject();
  project.git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  project.commit('Publish the events of the shop');
  return project;
}

/** A folder that has the events already, such as a clone. */
export function openContractsProject(folder: string, environment: NodeJS.ProcessEnv = {}): ContractsProject {
  for (const name of ['lib', 'node_modules', 'package.json']) {
    const link = join(folder, name);
    if (!existsSync(link)) symlinkSync(resolve(name), link);
  }
  const events = join(folder, 'events');
  const shop = join(events, 'shop.ts');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { env: ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' });
  return {
    folder,
    events,
    git,
    contracts: (...args) =>
      new Promise((done) => {
        const all = ['lib/cli/fanfare.ts', 'contracts', ...args, '--events', events];
        execFile(
          process.execPath,
          all,
          { env: { ...ENVIRONMENT, ...environment } },
          (error, stdout, stderr) => {
            done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
          },
        );
      }),
    edit: (from, to) => {
      const text = readFileSync(shop, 'utf8');
      const edited = text.replace(from, to);
      expect(edited).not.toBe(text);
      writeFileSync(shop, edited);
    },
    commit: (message) => {
      git('add', 'events');
      git('commit', '--quiet', '--message', message);
    },
    clone: (...options) => {
      const copy = mkdtempSync(join(tmpdir(), 'fanfare-clone-'));
      git('clone', '--quiet', ...options, pathToFileURL(folder).href, copy);
      return openContractsProject(copy);
    },
    schemaFile: (type) => join(events, 'schemas', `${type}.json`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
