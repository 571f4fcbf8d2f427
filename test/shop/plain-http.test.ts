import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every client of the SDK in the demo has the guard, or is for this machine only', () => {
  const unguarded = globSync('bin/demo/**/*.ts').filter((file) => {
    const source = readFileSync(file, 'utf8');
    return /new \w+Client\(/.test(source) && !/plainHttpGuard|createRequestHandler/.test(source);
  });
  expect(unguarded).toEqual(['bin/demo/shop-state.ts']);
});
