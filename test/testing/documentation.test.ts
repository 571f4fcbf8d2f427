import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/testing.md', 'utf8');

/** Lines of code without their indentation, which is another one inside of a test. */
const linesOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const examples = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => linesOf(code));
const sources = globSync('test/testing/**/*.ts').map((file) => linesOf(readFileSync(file, 'utf8')));

describe('every example of the page is code that a test runs', () => {
  it.each(examples.map((code) => [code.split('\n')[0], code]))('%s', (_, code) => {
    expect(sources.some((source) => source.includes(code))).toBe(true);
  });

  it('and there are some', () => {
    expect(examples.length).toBeGreaterThan(5);
  });
});

it('the page has a line for every fault', () => {
  const source = readFileSync('lib/testing/fault.ts', 'utf8');
  const [, faults = ''] = /export type Fault =([^;]*);/s.exec(source) ?? [];
  const names = [...faults.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(page).toContain(`\`${name}\``);
});
