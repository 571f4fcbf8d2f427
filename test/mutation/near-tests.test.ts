import { expect, it } from 'vitest';
import { testsNear } from './near-tests.ts';

it.each([
  ['of another folder', 'lib/aws/plain-http.ts', 'test/security/plain-http.test.ts'],
  [
    'that import it by the name of the package',
    'lib/runtime/consume.ts',
    'test/testing/test-consumer.test.ts',
  ],
  [
    'that import it when they need it',
    'lib/publishing/topic/claim-check.ts',
    'test/unit/runtime/s3-endpoint.test.ts',
  ],
  [
    'of its own part of the library, though far away',
    'lib/runtime/idempotency/record.ts',
    'test/integration/runtime/settlement.test.ts',
  ],
])('near a file are tests %s', (_, file, test) => {
  expect(testsNear(file)).toContain(test);
});

it.each([
  ['that are far away', 'lib/aws/log/describe-error.ts', 'test/integration/runtime/settlement.test.ts'],
  ['that do not load it', 'lib/publishing/http/caller.ts', 'test/unit/runtime/content.test.ts'],
  ['that start whole apps', 'lib/publishing/large-data/data-bucket.ts', 'test/security/signed-links.test.ts'],
])('near a file are no tests %s', (_, file, test) => {
  expect(testsNear(file)).not.toContain(test);
});
