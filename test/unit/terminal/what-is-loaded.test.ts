import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../lib/cli/catalogue.ts';
import { startCommand } from './command.ts';

/** The packages whose modules a command has run, by V8's own account. */
function packagesOf(...args: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-loaded-'));
  try {
    const env = { PATH: process.env.PATH, NODE_V8_COVERAGE: folder };
    expect(spawnSync(process.execPath, ['lib/cli/fanfare.ts', ...args], { env }).status).toBe(0);
    const urls = readdirSync(folder).flatMap((file) => {
      const { result }: { result: readonly { url: string }[] } = JSON.parse(
        readFileSync(join(folder, file), 'utf8'),
      );
      return result.map(({ url }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '');
    });
    return [...new Set(urls)].filter(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a command starts fast, for it loads only what it needs:', () => {
  it('the help needs nothing but the reader of the command line', () => {
    expect(packagesOf('--help')).toEqual(['commander']);
  });

  it.each([
    ['publish', /^@aws-sdk\/client-|^aws-cdk-lib$|^esbuild$/],
    ['status', /^zod$|^aws-cdk-lib$|^esbuild$|^fauxqs$/],
    ['tail', /^aws-cdk-lib$|^esbuild$|^fauxqs$/],
  ])('%s does without %s', (command, heavy) => {
    expect(packagesOf(command, '--help').filter((name) => heavy.test(name))).toEqual([]);
  });
});

describe('the help', () => {
  it('lists every command on a line that fits 80 columns', async () => {
    const { code, stdout } = await startCommand(['--help']).ended;
    expect(code).toBe(0);
    for (const [name, { summary }] of Object.entries(CATALOGUE)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +${RegExp.escape(summary)}$`, 'm'));
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['help', 'status'],
    ['status', '--help'],
  ])('of one command, asked for by %s %s, has its options', async (...args) => {
    expect((await startCommand(args).ended).stdout).toContain('--watch [seconds]');
  });
});
