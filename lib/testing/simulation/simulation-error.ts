import type { Difference } from './compare.ts';

/** An effect did not happen exactly once. The message has the seed, what is wrong, and the run. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly seed: number;
  /** What is there twice, never, or otherwise than it should be. */
  readonly problems: readonly Difference[];
  /** What happened, line by line. */
  readonly timeline: readonly string[];

  constructor(consumer: string, seed: number, problems: readonly Difference[], timeline: readonly string[]) {
    super(
      [
        `${consumer}: an effect did not happen exactly once (seed ${seed})`,
        ...problems.map(({ problem, text }) => `  ${problem}: ${text}`),
        'what happened:',
        ...timeline.map((line) => `  ${line}`),
        `to see it again: simulate(..., { seeds: [${seed}] })`,
      ].join('\n'),
    );
    this.seed = seed;
    this.problems = problems;
    this.timeline = timeline;
  }
}
