import { describe, expect, it } from 'vitest';
import { ERROR_ATTRIBUTE, RECORD_ATTRIBUTES } from '../../lib/contracts/receipts/record-attributes.ts';
import { synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, REGION, readPolicies } from './policy/read-policies.ts';

const role = readPolicies(synthesize()).roleNamed('Bus', 'BusReceiptsFunction');

/** What its role allows. */
function decide(
  action: string,
  resource: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): string {
  return evaluate({
    identityPolicies: role.policies,
    resourcePolicies: [],
    request: { principal: { arn: role.arn }, action, resource, context },
  });
}

const RECORDS = 'shop-dev-Email-ConsumerIdempotencyTable0A1B2C3D-XYZ';
const table = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const parameters = (path: string): string => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${path}`;
const asks = {
  'aws:ResourceTag/fanfare:bus': 'shop-dev-Bus',
  'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
  'dynamodb:Attributes': [...RECORD_ATTRIBUTES, ERROR_ATTRIBUTE],
};

describe('the receipts function', () => {
  it('may read of a record what a receipt needs', () => {
    expect(decide('dynamodb:GetItem', table(RECORDS), asks)).toBe('allowed');
  });

  it('may read it also if DynamoDB states no Select for a GetItem, which has no such parameter', () => {
    const { 'dynamodb:Select': _, ...withoutSelect } = asks;
    expect(decide('dynamodb:GetItem', table(RECORDS), withoutSelect)).toBe('allowed');
  });

  it.each([
    ['the events that a record keeps', RECORDS, { ...asks, 'dynamodb:Attributes': ['id', 'outbox'] }],
    ['all attributes', RECORDS, { ...asks, 'dynamodb:Select': 'ALL_ATTRIBUTES' }],
    [
      'what names no attributes and states no Select',
      RECORDS,
      { 'aws:ResourceTag/fanfare:bus': 'shop-dev-Bus' },
    ],
    ['a record of another bus', RECORDS, { ...asks, 'aws:ResourceTag/fanfare:bus': 'shop-dev-Ledger' }],
    ['a table of the consumer itself', 'shop-dev-Email-ConsumerSentTable0A1B2C3D-XYZ', asks],
  ])('may not read %s', (_, name, context) => {
    expect(decide('dynamodb:GetItem', table(name), context)).toBe('denied by default');
  });

  it.each(['Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'PartiQLSelect'])(
    'may not call %s',
    (action) => {
      expect(decide(`dynamodb:${action}`, table(RECORDS), asks)).toBe('denied by default');
    },
  );

  it('may list the consumers of its bus, and read no other parameter', () => {
    const list = 'ssm:GetParametersByPath';
    expect(decide(list, parameters('/fanfare/shop/dev/Bus/consumers'))).toBe('allowed');
    expect(decide(list, parameters('/fanfare/shop/dev'))).toBe('denied by default');
    expect(decide(list, parameters('/fanfare/shop/prod/Bus/consumers'))).toBe('denied by default');
    expect(decide('ssm:GetParameter', parameters('/fanfare/shop/dev/Bus/consumers'))).toBe(
      'denied by default',
    );
  });
});
