import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchFolders } from '../../../lib/cli/watch/watch-folders.ts';
import { watchSources } from '../../../lib/cli/watch/watch-sources.ts';
import { eventually } from '../../apps/client.ts';
import { newFolder } from './assembly.ts';

/** Longer than the pause after which a change is deployed. */
const SETTLED_MS = 600;

/** Watches a project whose synthesis does nothing. */
function watched(root: string, dataDirectory?: string) {
  const said: string[] = [];
  let swaps = 0;
  const running = {
    reload: async () => {
      swaps++;
      return [];
    },
  };
  const project = { root, appCommand: 'true', context: {}, events: root, lambdas: root };
  const stop = watchSources(running, { project, say: (line) => said.push(line), dataDirectory });
  return { swaps: () => swaps, said, stop };
}

function write(root: string, file: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), 'x');
}

it('a change of the data directory deploys nothing, a change of a source does', async () => {
  const root = newFolder();
  write(root, 'data/runner.pid');
  const { swaps, stop } = watched(root, join(root, 'data'));
  for (const file of ['data/runner.pid', 'data/messaging/fauxqs.db', 'node_modules/a.js']) write(root, file);
  await sleep(SETTLED_MS);
  expect(swaps()).toBe(0);
  write(root, 'database/a.ts');
  await eventually('a source is deployed', () => swaps() > 0);
  stop();
});

it.each<[string, (root: string) => string | undefined]>([
  ['no data directory', () => undefined],
  ['a data directory above the project', (root) => dirname(root)],
])('with %s every source is deployed', async (_, dataIn) => {
  const root = newFolder();
  const { swaps, stop } = watched(root, dataIn(root));
  write(root, 'data/a.ts');
  await eventually('it is deployed', () => swaps() > 0);
  stop();
});

it.each<[string, (root: string) => void, string]>([
  ['a file that was deleted and made again', (root) => remake(root, 'src/a.ts', 'src/a.ts'), 'src/a.ts'],
  [
    'a file in a folder that was deleted and made again',
    (root) => remake(root, 'src', 'src/a.ts'),
    'src/a.ts',
  ],
  ['a file in a folder that is new', (root) => write(root, 'lib/deep/b.ts'), 'lib/deep/b.ts'],
  [
    'a file in a folder with another name',
    (root) => renameSync(join(root, 'src'), join(root, 'lib')),
    'lib/a.ts',
  ],
])('a change is seen in %s', async (_, change, file) => {
  const root = newFolder();
  write(root, 'src/a.ts');
  const { swaps, stop } = watched(root);
  change(root);
  await eventually('the first change is deployed', () => swaps() > 0);
  await sleep(SETTLED_MS);
  const before = swaps();
  write(root, file);
  await eventually('the second one too', () => swaps() > before);
  stop();
});

function remake(root: string, what: string, file: string): void {
  rmSync(join(root, what), { recursive: true });
  write(root, file);
}

it('a link that leads in a circle, and packages of a workspace, are passed over', async () => {
  const root = newFolder();
  write(root, 'packages/a/node_modules/b.js');
  symlinkSync(root, join(root, 'circle'));
  const { swaps, said, stop } = watched(root);
  symlinkSync('loop', join(root, 'loop'));
  await eventually('the new link is seen', () => swaps() > 0);
  await sleep(SETTLED_MS);
  const before = swaps();
  write(root, 'packages/a/node_modules/b.js');
  await sleep(SETTLED_MS);
  expect(swaps()).toBe(before);
  expect(said.filter((line) => line.startsWith('Not all'))).toEqual([]);
  stop();
});

it('a folder that cannot be watched is named, and ends nothing', () => {
  const said: string[] = [];
  const stop = watchFolders('/nowhere', {
    ignores: () => false,
    changed: () => undefined,
    failed: (folder, { message }) => said.push(`${folder}: ${message}`),
  });
  stop();
  expect(said).toEqual([expect.stringMatching(/^\/nowhere: ENOENT/)]);
});
