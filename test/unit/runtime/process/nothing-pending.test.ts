import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'batch.ts');
const run = (...args: readonly string[]) => promisify(execFile)(process.execPath, [PROGRAM, ...args]);

/** Lambda takes an empty event loop for the end of the invocation: then nothing of the batch is settled. */
describe.each(['claim', 'commit'])('with effects: %s, a process with nothing else to do', (effects) => {
  it('lives until the end of the time when a handler waits for what nothing will settle, and settles the others', async () => {
    const { stdout } = await run(effects, '500', 'nothing');
    expect(stdout).toBe('first\n');
  });

  it('ends with the batch', async () => {
    const hour = '3600000';
    const { stdout } = await run(effects, hour, 'the end');
    expect(stdout).toBe('\n');
  });
});
