import { describe, expect, it } from 'vitest';
import { synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import type { Request } from './policy/policy.ts';
import { readPolicies } from './policy/read-policies.ts';

const policies = readPolicies(synthesize());
const bucket = policies.resourceOf('Bus', 'AWS::S3::Bucket');
const HASHES = `${'a'.repeat(64)}/${'0'.repeat(64)}`;

/** What S3 decides on a request of the function of a stack. */
function decide(stack: string, action: string, key: string, context: Request['context'] = {}): string {
  const role = policies.roleOf(stack);
  return evaluate({
    identityPolicies: role.policies,
    resourcePolicies: bucket.policies,
    request: {
      principal: { arn: role.arn },
      action,
      resource: key === '' ? bucket.arn : `${bucket.arn}/${key}`,
      context: { 'aws:SecureTransport': 'true', ...context },
    },
  });
}

/** Inventory listens to OrderPlaced and StockReceived, and emits InventoryReserved. */
describe('a consumer', () => {
  it.each(['shop.OrderPlaced.v1', 'shop.StockReceived.v1'])(
    'may read the data of %s, to which it listens',
    (type) => {
      expect(decide('Inventory', 's3:GetObject', `large/${type}/${HASHES}`)).toBe('allowed');
    },
  );

  it.each([
    ['of a type that it does not listen to', `large/shop.ShipmentCreated.v1/${HASHES}`],
    ['of a type that it emits only', `large/shop.InventoryReserved.v1/${HASHES}`],
    ['of a version that its filter withholds', `large/shop.OrderPlaced.v2/${HASHES}`],
    ['of a type that begins alike', `large/shop.OrderPlaced.v11/${HASHES}`],
    ['that an earlier version has put aside', `events/${HASHES}`],
    ['that is no large data', 'archive/2026/11/26.ndjson.gz'],
  ])('may not read data %s', (_, key) => {
    expect(decide('Inventory', 's3:GetObject', key)).toBe('denied by default');
  });

  it('may ask whether there is an object with a whole key that it may read', () => {
    const context = { 's3:prefix': `large/shop.OrderPlaced.v1/${HASHES}` };
    expect(decide('Inventory', 's3:ListBucket', '', context)).toBe('allowed');
  });

  it.each([
    ['the whole bucket', undefined],
    ['the whole bucket by an empty prefix', ''],
    ['all types', 'large/'],
    ['its own type', 'large/shop.OrderPlaced.v1/'],
    ['an event of its own type', `large/shop.OrderPlaced.v1/${'a'.repeat(64)}/`],
    ['what begins with half a hash', `large/shop.OrderPlaced.v1/${HASHES.slice(0, -1)}`],
    ['a key of another type', `large/shop.ShipmentCreated.v1/${HASHES}`],
  ])('may not list %s', (_, prefix) => {
    expect(
      decide('Inventory', 's3:ListBucket', '', prefix === undefined ? {} : { 's3:prefix': prefix }),
    ).toBe('denied by default');
  });

  it.each(['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion', 's3:PutObjectAcl'])(
    'may not %s',
    (action) => {
      expect(decide('Inventory', action, `large/shop.OrderPlaced.v1/${HASHES}`)).toBe('denied by default');
    },
  );

  it('may do nothing over plain HTTP', () => {
    const plain = { 'aws:SecureTransport': 'false' };
    expect(decide('Inventory', 's3:GetObject', `large/shop.OrderPlaced.v1/${HASHES}`, plain)).toBe(
      'explicitly denied',
    );
  });
});

describe('the publish function', () => {
  it('may put large data aside, and not read it again', () => {
    const key = `large/shop.OrderPlaced.v1/${HASHES}`;
    expect(decide('Bus', 's3:PutObject', key)).toBe('allowed');
    expect(decide('Bus', 's3:GetObject', key)).toBe('denied by default');
    expect(decide('Bus', 's3:DeleteObject', key)).toBe('denied by default');
    expect(decide('Bus', 's3:ListBucket', '', { 's3:prefix': key })).toBe('denied by default');
  });

  it('may write nothing else', () => {
    expect(decide('Bus', 's3:PutObject', `events/${HASHES}`)).toBe('denied by default');
    expect(decide('Bus', 's3:PutObject', 'archive/2026/11/26.ndjson.gz')).toBe('denied by default');
  });
});
