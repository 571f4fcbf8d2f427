import { expect, it } from 'vitest';
import { bundle } from '../../lib/constructs/function/bundle.ts';
import { BUNDLE_CEILINGS } from '../apps/bundle-ceilings.ts';

it.each(Object.entries(BUNDLE_CEILINGS))('the bundle of %s has at most %d bytes', (name, ceiling) => {
  expect(bundle(`lambdas/${name}/handler.ts`).code.byteLength).toBeLessThanOrEqual(ceiling);
});
