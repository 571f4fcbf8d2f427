import { describe, expect, it } from 'vitest';
import { synthesize } from '../cdk/synthesized.ts';
import { evaluate } from './policy/evaluate.ts';
import { ACCOUNT, REGION, readPolicies } from './policy/read-policies.ts';

const policies = readPolicies(synthesize());
const role = policies.roleNamed('Bus', 'BusArchiveReplayFunction');
const bucket = policies.resourceOf('Bus', 'AWS::S3::Bucket');
const HASHES = `${'a'.repeat(64)}/${'0'.repeat(64)}`;

/** What its role allows. Queues allow nobody by themselves who is of their account. */
function decide(action: string, resource: string, context: Readonly<Record<string, string>> = {}): string {
  return evaluate({
    identityPolicies: role.policies,
    resourcePolicies: resource.startsWith(bucket.arn) ? bucket.policies : [],
    request: {
      principal: { arn: role.arn },
      action,
      resource,
      context: { 'aws:SecureTransport': 'true', ...context },
    },
  });
}

const send = (queue: string, bus: string, account = ACCOUNT): string =>
  decide('sqs:SendMessage', `arn:aws:sqs:${REGION}:${account}:${queue}`, {
    'aws:ResourceTag/fanfare:bus': bus,
  });

describe('the replay function', () => {
  it.each([
    ['of a consumer', 'shop-dev-Email-Queue-0a1b2c3d'],
    ['of a FIFO bus', 'shop-dev-Email-Queue-0a1b2c3d.fifo'],
    ['of a consumer that is called queue', 'shop-dev-Queue-Queue-0a1b2c3d'],
    ['of a consumer of another app', 'fraud-dev-Check-Queue-0a1b2c3d'],
  ])('may send to the queue %s of its bus', (_, queue) => {
    expect(send(queue, 'shop-dev-Bus')).toBe('allowed');
  });

  it.each([
    ['of another bus', 'shop-dev-Email-Queue-0a1b2c3d', 'shop-dev-Ledger'],
    ['that is a dead-letter queue', 'shop-dev-Email-DeadLetterQueue-0a1b2c3d', 'shop-dev-Bus'],
    ['that is an undelivered queue', 'shop-dev-Email-UndeliveredQueue-0a1b2c3d.fifo', 'shop-dev-Bus'],
    ['of the dead of a consumer called queue', 'shop-dev-Queue-DeadLetterQueue-0a1b2c3d', 'shop-dev-Bus'],
  ])('may not send to a queue %s', (_, queue, bus) => {
    expect(send(queue, bus)).toBe('denied by default');
  });

  it('may not send to another account', () => {
    expect(send('shop-dev-Email-Queue-0a1b2c3d', 'shop-dev-Bus', '444455556666')).toBe('denied by default');
  });

  it('may read and list the archive, and nothing else of the bucket', () => {
    expect(decide('s3:GetObject', `${bucket.arn}/archive/v1/a.ndjson.gz`)).toBe('allowed');
    expect(decide('s3:GetObject', `${bucket.arn}/large/shop.OrderPlaced.v1/${HASHES}`)).toBe(
      'denied by default',
    );
    expect(decide('s3:ListBucket', bucket.arn, { 's3:prefix': 'archive/v1/' })).toBe('allowed');
    for (const prefix of ['', 'large/', 'arch'])
      expect(decide('s3:ListBucket', bucket.arn, { 's3:prefix': prefix })).toBe('denied by default');
    expect(decide('s3:ListBucket', bucket.arn)).toBe('denied by default');
  });

  it('may put large data back, and write nothing else', () => {
    expect(decide('s3:PutObject', `${bucket.arn}/large/shop.OrderPlaced.v1/${HASHES}`)).toBe('allowed');
    expect(decide('s3:PutObject', `${bucket.arn}/archive/v1/a.ndjson.gz`)).toBe('denied by default');
    expect(decide('s3:DeleteObject', `${bucket.arn}/archive/v1/a.ndjson.gz`)).toBe('denied by default');
  });
});
