import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/faults.ts';
import type { Failure } from './simulate.ts';
import type { Report, Share } from './worker.ts';

export interface Run {
  /** The module whose `simulate` runs a seed, from test/simulation. @default './simulate.ts' */
  readonly simulation?: string;
  readonly from: number;
  readonly seeds: number;
  /** A deliberate fault, or the name of one. @default - none */
  readonly fault?: string | Fault | undefined;
  readonly threads: number;
  /** Ends the run at the first failure. */
  readonly stopAtFailure: boolean;
  readonly onProgress?: (done: number) => void;
}

export interface Outcome {
  readonly done: number;
  readonly failures: readonly Failure[];
}

const PROGRAM = fileURLToPath(new URL('./worker.ts', import.meta.url));
const NODE_OPTIONS = [
  // The fault of V8 has been seen on processors with memory protection keys; off costs nothing.
  '--no-memory-protection-keys',
  // A seed leaves much that lives for a moment only: with room for it (in MiB) a seed takes a seventh less time.
  '--max-semi-space-size=64',
];
/** How much of what a process wrote to standard error an error tells. */
const MAX_ERROR_CHARACTERS = 4_000;

/**
 * Runs seeds in several processes, each with a runtime of its own. Processes and not worker threads, because a failed check of V8 ends
 * all threads of a process at once, without a word to the one who waits for them.
 *
 * @throws Error when the fault is not known, or when a process dies before it has run its seeds
 */
export async function runSeeds({
  simulation = './simulate.ts',
  from,
  seeds,
  fault,
  threads,
  stopAtFailure,
  onProgress,
}: Run): Promise<Outcome> {
  const known = typeof fault === 'string' ? faultNamed(fault) : fault;
  let done = 0;
  const failures: Failure[] = [];
  const workers = Array.from({ length: threads }, (_, index) => {
    const share = { simulation, from: from + index, to: from + seeds, stride: threads, fault: known };
    return new Worker(share, (report) => {
      done += report.seeds;
      failures.push(...report.failures);
      onProgress?.(done);
      if (stopAtFailure && failures.length > 0) stopAll();
    });
  });
  const stopAll = () => {
    for (const one of workers) one.stop();
  };
  try {
    await Promise.all(workers.map((one) => one.finished));
  } finally {
    stopAll();
  }
  return { done, failures: failures.toSorted((a, b) => a.seed - b.seed) };
}

/** A process that runs a share of the seeds. */
class Worker {
  /** Resolves when its seeds are run or it was stopped; rejects when it has died before. */
  readonly finished: Promise<void>;
  readonly #process: ChildProcess;
  #stopped = false;

  constructor(share: Share, onReport: (report: Report) => void) {
    const all = Math.max(0, Math.ceil((share.to - share.from) / share.stride));
    let done = 0;
    let written = '';
    this.#process = fork(PROGRAM, [JSON.stringify(share)], {
      execArgv: NODE_OPTIONS,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-MAX_ERROR_CHARACTERS);
    });
    this.finished = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      // Only the program that is started here sends on this channel.
      this.#process.on('message', (message) => {
        const report = message as Report;
        done += report.seeds;
        onReport(report);
      });
      // Comes after the last report and the last line.
      this.#process.on('close', (code, signal) => {
        if (this.#stopped || (code === 0 && done === all)) return resolve();
        const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
        const left = `${all - done} of its ${all} seeds from ${share.from} in steps of ${share.stride} are not run`;
        reject(new Error(`a process of the simulation ${how}; ${left}\n${written}`));
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#process.kill('SIGKILL');
  }
}

function faultNamed(name: string): Fault {
  const fault = FAULTS[name];
  if (!fault) throw new Error(`there is no fault '${name}'; there are: ${Object.keys(FAULTS).join(', ')}`);
  return fault;
}
