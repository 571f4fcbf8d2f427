import { expect, it } from 'vitest';
import { bundle } from '../../lib/constructs/bundle.ts';

/** Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason. */
const CEILINGS = {
  publish: 328_000,
  analytics: 443_000,
  email: 523_000,
  inventory: 443_000,
  shipping: 443_000,
} as const;

it.each(Object.entries(CEILINGS))('the bundle of %s has at most %d bytes', (name, ceiling) => {
  expect(bundle(`lambdas/${name}/handler.ts`).code.byteLength).toBeLessThanOrEqual(ceiling);
});

it('no bundle has the walk through the schemas, which the synthesis has made', () => {
  const code = Buffer.from(bundle('lambdas/inventory/handler.ts').code).toString();
  expect(code).not.toContain('cannot be read when the event is defined');
});

it.each(['sso-oidc', 'AWS_WEB_IDENTITY_TOKEN_FILE'])(
  'no bundle has the part of the credential chain that names %s',
  (part) => {
    const code = Buffer.from(bundle('lambdas/inventory/handler.ts').code).toString();
    expect(code.includes(part)).toBe(false);
  },
);
