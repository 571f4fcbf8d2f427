import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const CLOCK = new URL('../../lib/aws/clock.ts', import.meta.url).href;

/** Runs a script in a process in which nothing else is going on. */
function runAlone(script: string): string {
  const source = `import { systemClock } from '${CLOCK}'; ${script}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
}

it('a process lives as long as somebody sleeps', () => {
  expect(runAlone(`systemClock.sleep(50).then(() => console.log('awake'))`)).toBe('awake\n');
});

it('a process does not wait for a sleep that nobody waits for', () => {
  expect(runAlone(`systemClock.sleep(5_000, { ref: false }).then(() => console.log('awake'))`)).toBe('');
});
