import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults/faults.ts';
import { runSeeds } from './run-seeds.ts';

const threads = availableParallelism();

describe('the runtime, on services that fail, duplicate, reorder and freeze', () => {
  it('keeps all its promises over 1,000 seeds', async () => {
    const { done, failures } = await runSeeds({ from: 1, seeds: 1_000, threads, stopAtFailure: true });
    expect(failures).toEqual([]);
    expect(done).toBe(1_000);
  }, 300_000);

  // Most are caught within a few seeds: one process for each, and several faults at once.
  it.concurrent.each(Object.entries(FAULTS))(
    'is caught when it is wrong: %s',
    async (_, fault) => {
      const { firstSeed: from = 1 } = fault;
      const { failures } = await runSeeds({ from, seeds: 20_000, fault, threads: 1, stopAtFailure: true });
      expect(failures.length).toBeGreaterThan(0);
    },
    300_000,
  );

  it('tells the same story for the same seed', async () => {
    const tell = () =>
      runSeeds({
        from: 1,
        seeds: 50,
        fault: 'acknowledged although failed',
        threads: 1,
        stopAtFailure: false,
      });
    expect((await tell()).failures).toEqual((await tell()).failures);
  });
});
