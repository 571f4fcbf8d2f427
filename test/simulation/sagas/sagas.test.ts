import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runSeeds } from '../run-seeds.ts';
import { endViolations, sagasOf } from './checks.ts';
import { ORDERS_PER_SEED } from './orders.ts';
import { SAGA_FAULTS } from './saga-faults.ts';
import { SagaWorld } from './world.ts';

const simulation = './sagas/simulate.ts';
const SAGAS = 5_000;

describe('sagas, on services that fail, duplicate, reorder and freeze', () => {
  it('of 5,000 orders, each has exactly one end, and stock and money add up', async () => {
    const seeds = SAGAS / ORDERS_PER_SEED;
    const threads = availableParallelism();
    const { done, failures } = await runSeeds({ simulation, from: 1, seeds, threads, stopAtFailure: true });
    expect(failures).toEqual([]);
    expect(done).toBe(seeds);
  }, 600_000);

  it.concurrent.each(Object.entries(SAGA_FAULTS))(
    'are caught when they are wrong: %s',
    async (_, fault) => {
      const { failures } = await runSeeds({
        simulation,
        from: 1,
        seeds: 200,
        fault,
        threads: 1,
        stopAtFailure: true,
      });
      expect(failures.length).toBeGreaterThan(0);
    },
    600_000,
  );

  it('are told of with everything in it that can happen, and the same for the same seed', async () => {
    const tell = async () => {
      const world = new SagaWorld(7);
      await world.run();
      const ends = [...sagasOf(world).values()].map(({ step, history }) => [step, history.at(-1)?.event]);
      return { ends, counts: world.counts, found: [...endViolations(world)] };
    };
    const { ends, counts, found } = await tell();
    expect(found).toEqual([]);
    for (const [step, event] of [
      ['shipped', 'shop.PaymentAccepted'],
      ['cancelled', 'shop.StockRefused'],
      ['cancelled', 'shop.PaymentDeclined'],
      ['cancelled', 'shop.PaymentTimedOut'],
      // A late payment, which is given back.
      ['cancelled', 'shop.PaymentAccepted'],
    ])
      expect(ends).toContainEqual([step, event]);
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    expect(await tell()).toEqual({ ends, counts, found });
  });
});
