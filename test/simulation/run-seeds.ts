import { Worker } from 'node:worker_threads';
import { FAULTS } from './faults.ts';
import type { Failure } from './simulate.ts';
import type { Report, Share } from './worker.ts';

export interface Run {
  readonly from: number;
  readonly seeds: number;
  /** Name of a deliberate fault. @default - none */
  readonly fault?: string | undefined;
  readonly threads: number;
  /** Ends the run at the first failure. */
  readonly stopAtFailure: boolean;
  readonly onProgress?: (done: number) => void;
}

export interface Outcome {
  readonly done: number;
  readonly failures: readonly Failure[];
}

/** Runs seeds on several threads, each with a runtime of its own. @throws Error when the fault is not known */
export async function runSeeds({
  from,
  seeds,
  fault,
  threads,
  stopAtFailure,
  onProgress,
}: Run): Promise<Outcome> {
  if (fault !== undefined && !FAULTS[fault]) {
    throw new Error(`there is no fault '${fault}'; there are: ${Object.keys(FAULTS).join(', ')}`);
  }
  let done = 0;
  const failures: Failure[] = [];
  const workers = Array.from({ length: threads }, (_, index) => {
    const share: Share = {
      from: from + index,
      to: from + seeds,
      stride: threads,
      fault: FAULTS[fault ?? ''],
    };
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData: share, execArgv: [] });
  });
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once('error', reject);
          worker.once('exit', () => resolve());
          worker.on('message', (report: Report) => {
            done += report.seeds;
            failures.push(...report.failures);
            onProgress?.(done);
            if (stopAtFailure && failures.length > 0) for (const one of workers) void one.terminate();
          });
        }),
    ),
  );
  return { done, failures: failures.toSorted((a, b) => a.seed - b.seed) };
}
