import { expect, it } from 'vitest';
import { createFunctionLog } from '../../../lib/local/functions/function-log.ts';

const ESCAPE = '\u001b[31mred\nfake \u009bline';

it.each([
  ['a warning', JSON.stringify({ level: 'WARN', message: ESCAPE })],
  ['an error', JSON.stringify({ level: 'ERROR', message: 'no', error: { name: 'E', message: ESCAPE } })],
])('writes no control sequence and no line of its own for %s', (_, line) => {
  const lines: string[] = [];
  createFunctionLog((one) => lines.push(one), false).line('email', line);
  expect(lines[0]).toContain('red');
  expect(lines[0]).toContain(String.raw`\u001b[31mred\u000afake \u009bline`);
});
