import { expect, it } from 'vitest';
import { BUNDLE_CEILINGS } from '../apps/bundle-ceilings.ts';
import { bundleOf } from '../apps/bundle-of.ts';

it.each(Object.entries(BUNDLE_CEILINGS))('the bundle of %s has at most %d bytes', (name, ceiling) => {
  expect(bundleOf(`lambdas/${name}/handler.ts`).byteLength).toBeLessThanOrEqual(ceiling);
});
