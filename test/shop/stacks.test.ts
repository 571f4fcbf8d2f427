import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createApp } from '../../bin/app.ts';
import { stacksOf, WITHOUT_BUNDLING } from '../cdk/synthesized.ts';

it('has a stack for every folder under lambdas/, and no other', () => {
  const stacks = stacksOf(createApp({ context: WITHOUT_BUNDLING }));
  const consumers = [...stacks.keys()].filter((name) => name !== 'Bus' && name !== 'Monitoring');
  const folders = readdirSync('lambdas').filter((folder) => folder !== 'publish');
  expect(consumers.map((name) => name.toLowerCase()).toSorted()).toEqual(folders.toSorted());
});
