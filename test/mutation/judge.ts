import { readFileSync } from 'node:fs';
import type { Fault } from '../simulation/faults/fault.ts';
import { type Mutant, mutate } from './mutants.ts';
import type { Result } from './results.ts';
import { SimulationOracle, type SimulationRun, type Verdict } from './simulation-oracle.ts';
import { TestOracle } from './test-oracle.ts';

/** The simulation notices most of what it can notice within so many seeds; its other seeds take longer than most tests. */
const FIRST_SEEDS = 50;

/** Asks the oracles, the cheapest first, until one notices the mutant. */
export class Judge {
  readonly #simulation: SimulationOracle;
  readonly #tests: TestOracle;
  /** Files that an oracle does not load: it need not be asked again. */
  readonly #unseen: { readonly simulation: Set<string>; readonly tests: Set<string> };

  constructor({ simulation, tests }: Oracles) {
    this.#simulation = new SimulationOracle(simulation);
    this.#tests = tests;
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
      ['simulation', () => this.#simulation.judge(fault, [1, FIRST_SEEDS])],
      ['tests', () => this.#tests.judge(mutant.file, fault)],
      ['simulation', () => this.#simulation.judge(fault, [FIRST_SEEDS + 1, Number.POSITIVE_INFINITY])],
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

/**
 * The whole source is what is found, so that it is found once.
 *
 * @throws Error when the source is no longer what the mutant was made of
 */
function faultOf(mutant: Mutant): Fault {
  const source = readFileSync(mutant.file, 'utf8');
  if (source.slice(mutant.start, mutant.end) !== mutant.original) {
    throw new Error(`${mutant.file} was changed while it was mutated; run it again, with --resume`);
  }
  return { file: mutant.file, find: source, replace: mutate(source, mutant) };
}

/** A simulation that fails more often has a fault of its own. */
const MAX_SKIPPED = 10;

/** What each judge asks. */
export interface Oracles {
  /** What the simulation is to run: without the seeds that fail already. */
  readonly simulation: SimulationRun;
  readonly tests: TestOracle;
}

/**
 * Asks the oracles about the source as it is.
 *
 * @param files what is to be mutated
 * @throws Error when an oracle finds so much fault with the source that it can judge no mutant
 */
export async function checkOracles(seeds: number, files: readonly string[]): Promise<Oracles> {
  const tests = new TestOracle();
  for (const failure of await tests.check(files)) {
    console.error(`${failure}, without a mutant: this file is left out`);
  }
  return { simulation: await checkSimulation(seeds), tests };
}

async function checkSimulation(seeds: number): Promise<SimulationRun> {
  const skipped: number[] = [];
  while (skipped.length < MAX_SKIPPED) {
    const simulation = new SimulationOracle({ seeds, skipped });
    const verdict = await simulation.judge(undefined).finally(() => simulation.stop());
    if (verdict.kind !== 'killed' || verdict.seed === undefined) {
      if (verdict.kind === 'unseen') return { seeds, skipped };
      throw new Error(`the simulation fails without a mutant; repair that first: ${how(verdict)}`);
    }
    console.error(`${verdict.how}, without a mutant: this seed is left out`);
    skipped.push(verdict.seed);
  }
  throw new Error(`the seeds ${skipped.join(', ')} fail without a mutant; repair that first`);
}

function how(verdict: Verdict): string {
  return verdict.kind === 'killed' ? verdict.how : verdict.kind;
}
