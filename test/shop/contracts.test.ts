import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the shop keeps what it has published, in its own history too', () => {
  const output = execFileSync(process.execPath, ['lib/cli/fanfare.ts', 'contracts', 'check'], {
    encoding: 'utf8',
  });
  expect(output).toMatch(/^All \d+ versions are as they were published.\nCompared with /);
});
