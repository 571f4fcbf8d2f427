import { expect, it } from 'vitest';
import { bundle } from '../../lib/constructs/function/bundle.ts';
import { BUNDLE_CEILINGS } from '../apps/bundle-ceilings.ts';
import { entryOf } from '../apps/orders/app.ts';

it.each(Object.entries(BUNDLE_CEILINGS))('the bundle of %s has at most %d bytes', (name, ceiling) => {
  expect(bundle(entryOf(name)).code.byteLength).toBeLessThanOrEqual(ceiling);
});

it.each([
  ['from-payments', 363_000],
  ['warehouse', BUNDLE_CEILINGS.analytics],
])('the bundle of the bridge %s has at most %d bytes', (name, ceiling) => {
  expect(bundle(`test/apps/bridges/${name}.ts`).code.byteLength).toBeLessThanOrEqual(ceiling);
});

it('the bundle of the archive has at most 50,000 bytes: it has no client of the SDK, and no zod', () => {
  expect(bundle('lib/archive/write/handler.ts').code.byteLength).toBeLessThanOrEqual(50_000);
});

it('no bundle has the walk through the schemas, which the synthesis has made', () => {
  const code = Buffer.from(bundle(entryOf('inventory')).code).toString();
  expect(code).not.toContain('cannot be read when the event is defined');
});

it.each(['sso-oidc', 'AWS_WEB_IDENTITY_TOKEN_FILE'])(
  'no bundle has the part of the credential chain that names %s',
  (part) => {
    const code = Buffer.from(bundle(entryOf('inventory')).code).toString();
    expect(code.includes(part)).toBe(false);
  },
);
