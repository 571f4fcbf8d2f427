import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { BREAKER_FAULTS } from './faults/breaker-faults.ts';
import { runSeeds } from './run-seeds.ts';

const threads = availableParallelism();
const simulation = './outage/simulate.ts';

describe('a neighbour that is down for two hours, and processes that die', () => {
  it('kills no event, and a poison event stops nobody, over 40 seeds', async () => {
    const { done, failures } = await runSeeds({
      from: 1,
      seeds: 40,
      simulation,
      threads,
      stopAtFailure: true,
    });
    expect(failures).toEqual([]);
    expect(done).toBe(40);
  }, 300_000);

  it.concurrent.each(Object.keys(BREAKER_FAULTS))(
    'is caught when it is wrong: %s',
    async (name) => {
      const fault = BREAKER_FAULTS[name];
      const { failures } = await runSeeds({
        from: 1,
        seeds: 80,
        fault,
        simulation,
        threads: 1,
        stopAtFailure: true,
      });
      expect(failures.length).toBeGreaterThan(0);
    },
    300_000,
  );
});
