import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../../lib/cli/terminal/table.ts';
import { writeApp } from './write-app.ts';

/**
 * How long a synthesis takes, by the number of consumers: cold, when esbuild bundles every function, and warm, when nothing has changed.
 * `node app.ts` without validation is what `fanfare start` runs; `cdk synth` also validates the templates.
 *
 * `node bench/synth/run.ts 10 190` takes other numbers of consumers.
 */
const NUMBERS = process.argv.slice(2).map(Number);
const WARM_ROUNDS = 3;
const COMMANDS: Readonly<
  Record<string, { readonly command: readonly [string, ...string[]]; readonly env: object }>
> = {
  'node app.ts': { command: [process.execPath, 'app.ts'], env: { CDK_VALIDATION: 'false' } },
  'cdk synth': {
    command: [
      process.execPath,
      join(import.meta.dirname, '../../node_modules/aws-cdk/bin/cdk'),
      'synth',
      '--quiet',
    ],
    env: {},
  },
};

/** Seconds of a synthesis into a new folder. */
function synthesize(folder: string, { command: [program, ...args], env }: (typeof COMMANDS)[string]): number {
  rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
  const start = performance.now();
  execFileSync(program, args, {
    cwd: folder,
    env: { ...process.env, CDK_OUTDIR: join(folder, 'cdk.out'), ...env },
    stdio: 'ignore',
  });
  return (performance.now() - start) / 1_000;
}

const rows: string[][] = [];
for (const number of NUMBERS.length > 0 ? NUMBERS : [10, 50, 100, 190]) {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-synth-'));
  try {
    writeApp(folder, number);
    for (const [name, how] of Object.entries(COMMANDS)) {
      rmSync(join(folder, 'node_modules/.cache'), { recursive: true, force: true });
      const cold = synthesize(folder, how);
      const warm = Array.from({ length: WARM_ROUNDS }, () => synthesize(folder, how)).sort((a, b) => a - b);
      const [best = Number.NaN, median = Number.NaN] = warm;
      rows.push([String(number), name, ...[cold, best, median].map((seconds) => seconds.toFixed(1))]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(formatTable([['consumers', 'command', 'cold s', 'warm s (best)', 'warm s (median)'], ...rows]));
console.log(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
