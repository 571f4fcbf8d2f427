import { readFileSync } from 'node:fs';
import type { Fault } from '../simulation/faults.ts';
import { type Mutant, mutate } from './mutants.ts';
import type { Result } from './results.ts';
import { SimulationOracle, type Verdict } from './simulation-oracle.ts';
import { judgeByTests } from './test-oracle.ts';

/** Asks the oracles, the cheapest first, until one notices the mutant. */
export class Judge {
  readonly #simulation: SimulationOracle;
  /** Files that an oracle does not load: it need not be asked again. */
  readonly #unseen: { readonly simulation: Set<string>; readonly tests: Set<string> };

  constructor(seeds: number) {
    this.#simulation = new SimulationOracle(seeds);
    this.#unseen = { simulation: new Set(), tests: new Set() };
  }

  async judge(mutant: Mutant): Promise<Result> {
    const startedAt = performance.now();
    const ended = (killedBy: Result['killedBy'], how?: string): Result => {
      const seconds = Math.round(performance.now() - startedAt) / 1000;
      return { ...mutant, killedBy, how, seconds };
    };
    const fault = faultOf(mutant);
    const oracles = [
      ['simulation', () => this.#simulation.judge(fault)],
      ['tests', () => judgeByTests(mutant.file, fault)],
    ] as const;
    for (const [name, ask] of oracles) {
      const unseen = this.#unseen[name];
      const verdict: Verdict = unseen.has(mutant.file) ? { kind: 'unseen' } : await ask();
      if (verdict.kind === 'killed') return ended(name, verdict.how);
      if (verdict.kind === 'timed out') return ended('time', name);
      if (verdict.kind === 'unseen') unseen.add(mutant.file);
    }
    return ended(undefined);
  }

  stop(): void {
    this.#simulation.stop();
  }
}

/** The whole source is what is found, so that it is found once. */
function faultOf(mutant: Mutant): Fault {
  const source = readFileSync(mutant.file, 'utf8');
  return { file: mutant.file, find: source, replace: mutate(source, mutant) };
}

/** @throws Error when an oracle finds fault with the source as it is: then it can judge no mutant */
export async function checkOracles(seeds: number): Promise<void> {
  const simulation = new SimulationOracle(seeds);
  try {
    const verdicts = [
      await simulation.judge(undefined),
      await judgeByTests('lib/runtime/batch.ts', undefined),
    ];
    for (const verdict of verdicts) {
      if (verdict.kind === 'killed')
        throw new Error(`without a mutant, already: ${verdict.how}; mend that first`);
      if (verdict.kind === 'timed out')
        throw new Error('without a mutant, already: no end in time; mend that first');
    }
  } finally {
    simulation.stop();
  }
}
