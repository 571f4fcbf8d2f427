import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../bin/app.ts';
import { WITHOUT_BUNDLING } from '../cdk/synthesized.ts';

const run = promisify(execFile);
const outdir = mkdtempSync(join(tmpdir(), 'fanfare-commands-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What the documents tell to deploy: the lines of shell that name stacks. */
const commands = globSync(['README.md', 'docs/*.md']).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^npx cdk deploy --exclusively (.+)$/gm)].map(
    ([, stacks = '']) => ({
      file,
      patterns: stacks.split(' ').map((stack) => stack.replaceAll("'", '')),
    }),
  ),
);

/** The stacks that the CDK itself finds. */
async function list(...patterns: readonly string[]): Promise<string[]> {
  const { stdout } = await run(process.execPath, [
    'node_modules/aws-cdk/bin/cdk',
    'list',
    '--app',
    outdir,
    ...patterns,
  ]);
  return stdout.trim().split('\n').toSorted();
}

describe('the commands that deploy versions in order', () => {
  let all: string[] = [];

  beforeAll(async () => {
    createApp({ outdir, context: WITHOUT_BUNDLING }).synth();
    all = await list();
  }, 120_000);

  it('are there', () => expect(commands.length).toBeGreaterThanOrEqual(4));

  /** Those that a pattern names itself: `cdk list` adds what they depend on, which `--exclusively` leaves out. */
  const named = (patterns: readonly string[]): string[] =>
    all.filter((stack) => patterns.some((pattern) => matchesGlob(stack, pattern)));

  it.each(commands)(
    '$file names stacks that the CDK finds too: $patterns',
    async ({ patterns }) => {
      for (const pattern of patterns) {
        const stacks = named([pattern]);
        expect(stacks.length).toBeGreaterThan(0);
        const others = (await list(pattern)).filter((stack) => !stacks.includes(stack));
        expect(['shop-dev-Bus', undefined]).toContain(others[0]);
        expect(others.length).toBeLessThanOrEqual(1);
      }
    },
    60_000,
  );

  it('deploy every stack, each once, and the consumers first', () => {
    const [consumers = [], ...rest] = commands.slice(0, 3).map(({ patterns }) => named(patterns));
    expect(consumers).toHaveLength(all.length - 2);
    expect(consumers).not.toContain('shop-dev-Bus');
    expect([...consumers, ...rest.flat()].toSorted()).toEqual(all);
  });
});
