import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readCommittedSchemas } from '../../../lib/cli/contracts/read-committed-schemas.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-moved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

it('schemas that were moved are read, and files of other folders of that name are not', async () => {
  git('init', '--quiet');
  for (const file of [
    'old/events/schemas/shop.OrderPlaced.v1.json',
    'packages/web/schemas/invoice.json',
    'packages/web/schemas/tsconfig.base.json',
    'db-schemas/shop.OrderPaid.v1.json',
    'schemas/deep/shop.OrderLost.v1.json',
  ]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '{}');
  }
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  git('rm', '-r', '--quiet', '.');
  const events = join(folder, 'new', 'events');
  mkdirSync(events, { recursive: true });
  const read = await readCommittedSchemas(events, git('rev-parse', 'HEAD'));
  expect([...read.keys()]).toEqual(['shop.OrderPlaced.v1']);
});
