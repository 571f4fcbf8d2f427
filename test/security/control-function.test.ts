import { describe, expect, it } from 'vitest';
import { synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, REGION, readPolicies } from './policy/read-policies.ts';

const policies = readPolicies(synthesize());
const role = policies.roleNamed('Bus', 'BusIntakeFunction');
const table = policies.resourceOf('Bus', 'AWS::DynamoDB::Table', 'BusIntakeTable');

/** What its role allows for a resource with the tag of a bus. */
function decide(action: string, resource: string, bus = 'shop-dev-Bus'): string {
  return evaluate({
    identityPolicies: role.policies,
    resourcePolicies: [],
    request: {
      principal: { arn: role.arn },
      action,
      resource,
      context: { 'aws:ResourceTag/fanfare:bus': bus },
    },
  });
}

const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:shop-dev-Email-Queue-0a1b2c3d`;
const lambda = `arn:aws:lambda:${REGION}:${ACCOUNT}`;
const REACHES = [
  ['sqs:ReceiveMessage', queue],
  ['sqs:DeleteMessage', queue],
  ['lambda:InvokeFunction', `${lambda}:function:shop-dev-Email-Function`],
  ['lambda:UpdateEventSourceMapping', `${lambda}:event-source-mapping:0a1b2c3d`],
] as const;

describe('the controller of consumers', () => {
  it.each(REACHES)('may %s of a consumer of its bus, and of no other bus', (action, resource) => {
    expect(decide(action, resource)).toBe('allowed');
    expect(decide(action, resource, 'shop-dev-Ledger')).toBe('denied by default');
  });

  it.each([
    ['send to the queue of a consumer', 'sqs:SendMessage', queue],
    ['purge it', 'sqs:PurgeQueue', queue],
    ['take dead letters', 'sqs:ReceiveMessage', queue.replace('-Queue-', '-DeadLetterQueue-')],
    ['change code', 'lambda:UpdateFunctionCode', `${lambda}:function:shop-dev-Email-Function`],
    ['delete a mapping', 'lambda:DeleteEventSourceMapping', `${lambda}:event-source-mapping:0a1b2c3d`],
    ['read records', 'dynamodb:GetItem', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/EmailIdempotencyTable`],
    ['delete states', 'dynamodb:DeleteItem', table.arn],
  ])('may not %s', (_, action, resource) => {
    expect(decide(action, resource)).toBe('denied by default');
  });

  it('may read and write the states of its bus', () => {
    for (const action of ['dynamodb:GetItem', 'dynamodb:PutItem'])
      expect(decide(action, table.arn)).toBe('allowed');
  });
});
