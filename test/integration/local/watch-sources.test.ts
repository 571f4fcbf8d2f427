import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchSources } from '../../../lib/cli/watch-sources.ts';
import { eventually } from '../../apps/client.ts';
import { newFolder } from './assembly.ts';

/** Longer than the pause after which a change is deployed. */
const SETTLED_MS = 600;

/** Watches a project whose synthesis does nothing. */
function watched(root: string, dataDirectory: string | undefined) {
  let swaps = 0;
  const running = {
    reload: async () => {
      swaps++;
      return [];
    },
  };
  const project = { root, appCommand: 'true', context: {}, events: root, lambdas: root };
  const stop = watchSources(running, { project, say: () => undefined, dataDirectory });
  return { swaps: () => swaps, stop };
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
