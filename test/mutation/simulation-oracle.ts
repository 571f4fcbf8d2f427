import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../simulation/faults/fault.ts';
import type { Answer, Question } from './simulation-process.ts';

/** What an oracle says of a mutant: how it was noticed, or that it was not; `unseen` when its source is not even loaded. */
export type Verdict =
  | { readonly kind: 'killed'; readonly how: string; readonly seed?: number }
  | { readonly kind: 'timed out' }
  | { readonly kind: 'survived' }
  | { readonly kind: 'unseen' };

/** How many seeds it runs, and which of them it leaves out. */
export interface SimulationRun {
  readonly seeds: number;
  readonly skipped: readonly number[];
}

const PROGRAM = fileURLToPath(new URL('./simulation-process.ts', import.meta.url));
/** To load the runtime and to run five seeds takes a fifth of a second on a processor of its own. */
const SILENCE_MS = 60_000;
/** Every mutant leaves its modules in the process. */
const MAX_QUESTIONS = 150;

/** The simulation, in a process that is kept for many mutants: to start one costs more than most mutants live. */
export class SimulationOracle {
  readonly #run: SimulationRun;
  #process: ChildProcess | undefined;
  #questions = 0;

  constructor(run: SimulationRun) {
    this.#run = run;
  }

  /** Runs seeds until the first that fails: all, or from the first to the last of a part. */
  async judge(fault: Fault | undefined, [first, last] = [1, this.#run.seeds]): Promise<Verdict> {
    const { seeds, skipped } = this.#run;
    const question: Question = { fault, seeds: [first, Math.min(last, seeds)], skipped };
    const verdict = await this.#ask(question);
    if ((verdict.kind !== 'killed' && verdict.kind !== 'timed out') || this.#process) return verdict;
    // The process has ended. A promise that an earlier mutant left behind may have done that, or a busy machine: a fresh one tells.
    return this.#ask(question);
  }

  stop(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
    this.#questions = 0;
  }

  #ask(question: Question): Promise<Verdict> {
    if (this.#questions === MAX_QUESTIONS) this.stop();
    this.#questions += 1;
    const child = this.#process ?? start();
    this.#process = child;
    return new Promise((resolve) => {
      const silence = setTimeout(() => end({ kind: 'timed out' }, true), SILENCE_MS);
      const end = (verdict: Verdict, stopped: boolean): void => {
        clearTimeout(silence);
        child.removeAllListeners();
        if (stopped) this.stop();
        resolve(verdict);
      };
      child.on('exit', (code, signal) =>
        end({ kind: 'killed', how: `the process ended: ${signal ?? code}` }, true),
      );
      // Only the program that is started here sends on this channel.
      child.on('message', (message) => {
        const answer = message as Answer;
        if (answer.kind === 'alive') silence.refresh();
        else end(verdictOf(answer), false);
      });
      child.send(question);
    });
  }
}

function start(): ChildProcess {
  return fork(PROGRAM, [], {
    execArgv: ['--no-memory-protection-keys'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function verdictOf({ killedBy, loaded, seed }: Answer & { readonly kind: 'ended' }): Verdict {
  if (killedBy !== undefined) return { kind: 'killed', how: killedBy, seed };
  return { kind: loaded ? 'survived' : 'unseen' };
}
