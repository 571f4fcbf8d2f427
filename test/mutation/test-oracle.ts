import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../simulation/faults/fault.ts';
import { testsNear } from './near-tests.ts';
import type { Verdict } from './simulation-oracle.ts';

const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const TIME_LIMIT_MS = 240_000;

/** What Vitest is to run. */
export interface TestRun {
  readonly tests: readonly string[];
  readonly fault?: Fault;
}

/** The tests that load a file, those first that are likely to notice and cheap. */
export class TestOracle {
  /** How long each test file takes. */
  readonly #milliseconds = new Map<string, number>();
  /** Of each mutated file, the tests that noticed a mutant of it, the latest last: they often notice the next one too. */
  readonly #killers = new Map<string, string[]>();

  /** Test files that fail without a mutant. */
  readonly #skipped = new Set<string>();

  /**
   * Runs all tests near the files, without a mutant. Those that fail are left out.
   *
   * @returns why they fail
   * @throws Error when they cannot be run
   */
  async check(files: readonly string[]): Promise<readonly string[]> {
    const { verdict, report } = await run({ tests: [...new Set(files.flatMap(testsNear))] });
    if (verdict.kind === 'timed out' || (verdict.kind === 'killed' && report.length === 0))
      throw new Error('the tests do not run without a mutant; repair that first');
    for (const { name, startTime, endTime } of report) this.#milliseconds.set(name, endTime - startTime);
    const failed = failuresOf(report);
    for (const { file } of failed) this.#skipped.add(file);
    return failed.map(describeFailure);
  }

  /** Runs tests until the first that fails. */
  async judge(file: string, fault: Fault): Promise<Verdict> {
    const killers = this.#killers.get(file) ?? [];
    this.#killers.set(file, killers);
    const cost = (test: string): number => this.#milliseconds.get(test) ?? 0;
    const tests = testsNear(file)
      .filter((test) => !this.#skipped.has(test))
      .toSorted((a, b) => killers.lastIndexOf(b) - killers.lastIndexOf(a) || cost(a) - cost(b));
    const { verdict, failed } = await run({ tests, fault });
    if (failed) killers.push(failed.file);
    return verdict;
  }
}

interface Ended {
  readonly verdict: Verdict;
  readonly failed?: Failed;
  readonly report: readonly FileReport[];
}

async function run(question: TestRun): Promise<Ended> {
  if (question.tests.length === 0) return { verdict: { kind: 'unseen' }, report: [] };
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-mutation-'));
  try {
    const file = join(folder, 'report.json');
    const code = await startVitest(question, file);
    const report = readReport(file);
    if (code === 'timed out') return { verdict: { kind: 'timed out' }, report };
    if (code === 0) return { verdict: { kind: 'survived' }, report };
    // After the first failure, the files that were not begun count as failed too.
    const failures = failuresOf(report);
    const failed = failures.find(({ test }) => test !== undefined) ?? failures[0];
    const how = failed ? describeFailure(failed) : 'the run of the tests failed';
    return { verdict: { kind: 'killed', how }, failed, report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the exit code */
function startVitest(question: TestRun, report: string): Promise<number | 'timed out'> {
  const args = ['run', '--config', CONFIG, '--reporter=json', `--outputFile=${report}`];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [VITEST, ...args], {
      env: { ...process.env, FANFARE_MUTATION: JSON.stringify(question) },
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

interface FileReport {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

function readReport(file: string): FileReport[] {
  try {
    // Written by Vitest's own reporter.
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as { readonly testResults: FileReport[] };
    return testResults.map((one) => ({ ...one, name: relative(ROOT, one.name) }));
  } catch {
    // A run that broke has no report; its exit code says that it failed.
    return [];
  }
}

interface Failed {
  readonly file: string;
  /** Undefined when the file could not be loaded. */
  readonly test: string | undefined;
}

/** The first test that failed of each file with one. */
function failuresOf(report: readonly FileReport[]): Failed[] {
  return report
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      file: name,
      test: assertionResults.find(({ status }) => status === 'failed')?.fullName,
    }));
}

function describeFailure({ file, test = 'it cannot be loaded' }: Failed): string {
  return `${file}: ${test}`;
}
