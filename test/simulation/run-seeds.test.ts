import { describe, expect, it } from 'vitest';
import { runSeeds } from './run-seeds.ts';

/** Runs 20 seeds in two processes; one of them does this before it comes to seed 7. */
function runUntilDeath(death: string, stopAtFailure = false): Promise<unknown> {
  const find = 'const world = new World(seed);';
  const fault = {
    file: 'test/simulation/simulate.ts',
    find,
    replace: `if (seed === 7) { ${death} }\n  ${find}`,
  };
  return runSeeds({ from: 1, seeds: 20, fault, threads: 2, stopAtFailure });
}

describe('a process of the simulation that dies is told of, with how it ended and the seeds that it leaves', () => {
  it.each([
    ['killed', `process.kill(process.pid, 'SIGKILL');`, /was ended by SIGKILL/],
    ['trapped, as V8 does it', `process.kill(process.pid, 'SIGTRAP');`, /was ended by SIGTRAP/],
    ['aborted', 'process.abort();', /was ended by SIGABRT/],
    ['exited without an error', 'process.exit(0);', /exited with 0/],
    ['left with nothing to do', 'await new Promise(() => {});', /exited with 13/],
    ['broken by an error', `throw new Error('not my day');`, /exited with 1.*not my day/s],
  ])('%s', async (_, death, how) => {
    const died = runUntilDeath(death);
    await expect(died).rejects.toThrow(how);
    await expect(died).rejects.toThrow('10 of its 10 seeds from 1 in steps of 2 are not run');
  });

  it('even when the first failure was to end the run', async () => {
    await expect(runUntilDeath(`process.kill(process.pid, 'SIGKILL');`, true)).rejects.toThrow(/SIGKILL/);
  });
});

it('ends every process at the first failure, and that is no death', async () => {
  const fault = {
    file: 'test/simulation/simulate.ts',
    find: 'violations.length > 0',
    replace: 'seed === 3 || violations.length > 0',
  };
  const { done, failures } = await runSeeds({
    from: 1,
    seeds: 100_000,
    fault,
    threads: 2,
    stopAtFailure: true,
  });
  expect(failures).toEqual([{ seed: 3, violations: [] }]);
  expect(done).toBeLessThan(100_000);
});
