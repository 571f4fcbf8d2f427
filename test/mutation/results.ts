import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyOf, type Mutant } from './mutants.ts';

/** What has become of one mutant. */
export interface Result extends Mutant {
  readonly killedBy: 'simulation' | 'tests' | 'time' | undefined;
  /** The seed or the test that noticed it. */
  readonly how: string | undefined;
  readonly seconds: number;
}

/** The results of a run, one line each in a file, so that a run that was broken off can go on. */
export class Results {
  readonly #file: string;
  readonly #byKey = new Map<string, Result>();

  /** @param resume keeps what the file holds; otherwise it begins anew */
  constructor(file: string, resume: boolean) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (!resume) rmSync(file, { force: true });
    for (const result of existsSync(file) ? read(file) : []) this.#byKey.set(keyOf(result), result);
  }

  of(mutant: Mutant): Result | undefined {
    return this.#byKey.get(keyOf(mutant));
  }

  add(result: Result): void {
    this.#byKey.set(keyOf(result), result);
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
  }
}

function read(file: string): Result[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        // Written by `add`.
        return [JSON.parse(line) as Result];
      } catch {
        // The end of the file, or a line that was torn when the run ended: its mutant is tried again.
        return [];
      }
    });
}
