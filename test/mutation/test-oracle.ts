import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../simulation/faults/fault.ts';
import type { Verdict } from './simulation-oracle.ts';

const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const TIME_LIMIT_MS = 240_000;

/** Runs the near tests that import the file until the first that fails. */
export async function judgeByTests(file: string, fault: Fault | undefined): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-mutation-'));
  try {
    const report = join(folder, 'report.json');
    const code = await runTests(file, fault, report);
    if (code === 'timed out') return { kind: 'timed out' };
    const { numTotalTests, failed } = readReport(report);
    if (code !== 0) return { kind: 'killed', how: failed ?? 'the run of the tests failed' };
    return { kind: numTotalTests > 0 ? 'survived' : 'unseen' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the exit code */
function runTests(file: string, fault: Fault | undefined, report: string): Promise<number | 'timed out'> {
  const output = ['--reporter=json', `--outputFile=${report}`];
  const args = ['related', file, '--run', '--config', CONFIG, '--passWithNoTests', ...output];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [VITEST, ...args], {
      env: { ...process.env, ...(fault && { FANFARE_MUTANT: JSON.stringify(fault) }) },
      stdio: 'ignore',
      // A group of its own, so that its workers and engines end with it.
      detached: true,
    });
    let late = false;
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody of the group is left.
      }
    };
    const limit = setTimeout(() => {
      late = true;
      endGroup();
    }, TIME_LIMIT_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(limit);
      endGroup();
      resolve(late ? 'timed out' : (code ?? 1));
    });
  });
}

interface TestReport {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** @returns how many tests there are, and the first that failed */
function readReport(file: string): { readonly numTotalTests: number; readonly failed: string | undefined } {
  try {
    // Written by Vitest's own reporter.
    const report = JSON.parse(readFileSync(file, 'utf8')) as TestReport;
    const [failed] = report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName }) => `${name.slice(name.indexOf('test/'))}: ${fullName}`),
    );
    return { numTotalTests: report.numTotalTests, failed };
  } catch {
    // A run that broke has no report; its exit code says that it failed.
    return { numTotalTests: 0, failed: undefined };
  }
}
