import { describe, expect, it } from 'vitest';
import { BUNDLE_CEILINGS } from '../apps/bundle-ceilings.ts';
import { bundleOf } from '../apps/bundle-of.ts';
import { entryOf } from '../apps/orders/app.ts';

it.each(Object.entries(BUNDLE_CEILINGS))('the bundle of %s has at most %d bytes', (name, ceiling) => {
  expect(bundleOf(entryOf(name)).byteLength).toBeLessThanOrEqual(ceiling);
});

it.each([
  ['from-payments', 363_000],
  ['warehouse', BUNDLE_CEILINGS.analytics],
])('the bundle of the bridge %s has at most %d bytes', (name, ceiling) => {
  expect(bundleOf(`test/apps/bridges/${name}.ts`).byteLength).toBeLessThanOrEqual(ceiling);
});

it('the bundle of the archive has at most 212,000 bytes: of the SDK it has the client of SQS alone, and no zod', () => {
  expect(bundleOf('lib/archive/write/handler.ts').byteLength).toBeLessThanOrEqual(212_000);
});

it('the bundle of receipts has at most 50,000 bytes: it has no client of the SDK, and no zod', () => {
  expect(bundleOf('lib/receipts/handler.ts').byteLength).toBeLessThanOrEqual(50_000);
});

it('the bundle of later events has at most 325,500 bytes', () => {
  expect(bundleOf('lib/later/handler.ts').byteLength).toBeLessThanOrEqual(325_500);
});

describe('the client of EventBridge Scheduler', () => {
  /** A name in each error and schema of the client. */
  const client = 'com.amazonaws.scheduler';

  it('is in the function of later events', () => {
    expect(bundleOf('lib/later/handler.ts').toString()).toContain(client);
  });

  it.each([
    ...Object.keys(BUNDLE_CEILINGS).map(entryOf),
    'test/apps/later/orders.ts',
    'test/apps/later/publish.ts',
    'test/scenarios/order-paid-or-not/orders/handler.ts',
  ])('is not in %s, which sends to a queue what comes later', (entry) => {
    expect(bundleOf(entry).includes(client)).toBe(false);
  });
});

it('no bundle has the walk through the schemas, which the synthesis has made', () => {
  const code = bundleOf(entryOf('inventory')).toString();
  expect(code).not.toContain('cannot be read when the event is defined');
});

it.each(['sso-oidc', 'AWS_WEB_IDENTITY_TOKEN_FILE'])(
  'no bundle has the part of the credential chain that names %s',
  (part) => {
    const code = bundleOf(entryOf('inventory')).toString();
    expect(code.includes(part)).toBe(false);
  },
);
