import { describe, expect, it } from 'vitest';
import { OrderPlaced } from '../apps/orders/events/index.ts';
import { listOf, type Statement } from './policy/policy.ts';
import { ACCOUNT, REGION, type WithPolicies } from './policy/read-policies.ts';
import {
  type Asked,
  administratorOf,
  bucketOf,
  busFor,
  consumerOf,
  dataKeyOf,
  decide,
  FRAUD,
  LOGISTICS,
  nobodyOf,
  ORGANIZATION,
  STRANGER,
  topicKeyOf,
  topicOf,
} from './two-accounts.ts';

const CHECKOUT = 'arn:aws:iam::555555555555:role/checkout';
const bus = busFor({
  allowAccounts: [FRAUD, LOGISTICS],
  allowPublishers: [
    { through: 'topic', principal: `arn:aws:iam::${FRAUD}:role/Inventory-*` },
    { through: 'api', principal: CHECKOUT, events: [OrderPlaced] },
  ],
});
const readOnly = busFor({ allowAccounts: [FRAUD] });
const open = busFor({ organizationId: ORGANIZATION });
const closed = busFor({});
const fraudApp = consumerOf(bus);
const consumer = fraudApp.roleOf('Inventory');

const HASHES = `${'a'.repeat(64)}/${'0'.repeat(64)}`;
const viaSns = { 'kms:ViaService': `sns.${REGION}.amazonaws.com` };
const viaS3 = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` };
const member = { 'aws:PrincipalOrgID': ORGANIZATION };
const queueOf = (account: string, protocol = 'sqs') => ({
  'sns:Protocol': protocol,
  'sns:Endpoint': `arn:aws:sqs:${REGION}:${account}:work`,
});
const subscribe = (account: string, context: Asked['context'], of = bus): Asked => ({
  who: administratorOf(account),
  action: 'sns:Subscribe',
  of: topicOf(of),
  context,
});
const read = (action: string, path: string, context: Asked['context'] = {}, who = consumer): Asked => ({
  who,
  action,
  of: bucketOf(bus),
  path,
  context,
});
const useKey = (action: string, of: WithPolicies, context: Asked['context'], who = consumer): Asked => ({
  who,
  action,
  of,
  context,
});
const publish = (who: WithPolicies, of = bus): Asked => ({ who, action: 'sns:Publish', of: topicOf(of) });

const ALLOWED: readonly (readonly [string, Asked])[] = [
  ['an account that is listed subscribes its own queue', subscribe(FRAUD, queueOf(FRAUD))],
  ['so does the other one', subscribe(LOGISTICS, queueOf(LOGISTICS))],
  ['and the account of the bus', subscribe(ACCOUNT, queueOf(ACCOUNT))],
  [
    'CloudFormation there looks at the topic first',
    { who: administratorOf(FRAUD), action: 'sns:GetTopicAttributes', of: topicOf(bus) },
  ],
  [
    'a member of the organization subscribes its own queue',
    subscribe(STRANGER, { ...queueOf(STRANGER), ...member }, open),
  ],
  [
    'the account of the bus too, when it is a member',
    subscribe(ACCOUNT, { ...queueOf(ACCOUNT), ...member }, open),
  ],
  [
    'the consumer reads large data that it listens to',
    read('s3:GetObject', `/large/shop.OrderPlaced.v1/${HASHES}`),
  ],
  [
    'and asks whether there is a whole key',
    read('s3:ListBucket', '', { 's3:prefix': `large/shop.OrderPlaced.v1/${HASHES}` }),
  ],
  ['S3 decrypts it for the consumer', useKey('kms:Decrypt', dataKeyOf(bus), viaS3)],
  [
    'and for a member of the organization',
    useKey('kms:Decrypt', dataKeyOf(open), { ...viaS3, ...member }, administratorOf(STRANGER)),
  ],
  ['the consumer that may emit publishes', publish(consumer)],
  ['SNS encrypts what it publishes', useKey('kms:GenerateDataKey', topicKeyOf(bus), viaSns)],
];

const FORBIDDEN: readonly (readonly [string, Asked])[] = [
  ['a listed account subscribes the queue of another listed one', subscribe(FRAUD, queueOf(LOGISTICS))],
  ['a queue of the account of the bus', subscribe(FRAUD, queueOf(ACCOUNT))],
  ['a queue of an account that is not listed', subscribe(FRAUD, queueOf(STRANGER))],
  [
    'an e-mail address',
    subscribe(FRAUD, { 'sns:Protocol': 'email', 'sns:Endpoint': 'somebody@example.com' }),
  ],
  ['a web server', subscribe(FRAUD, { 'sns:Protocol': 'https', 'sns:Endpoint': 'https://example.com' })],
  ['an address that looks like its queue', subscribe(FRAUD, queueOf(FRAUD, 'email'))],
  ['an account that is not listed subscribes its own queue', subscribe(STRANGER, queueOf(STRANGER))],
  ['the queue of a listed one', subscribe(STRANGER, queueOf(FRAUD))],
  ['the account of the bus subscribes the queue of a listed one', subscribe(ACCOUNT, queueOf(FRAUD))],
  ['anybody subscribes where nobody is listed', subscribe(FRAUD, queueOf(FRAUD), closed)],
  [
    'somebody of a listed account that IAM there lets do nothing',
    { ...subscribe(FRAUD, queueOf(FRAUD)), who: nobodyOf(FRAUD) },
  ],
  ['a stranger to the organization subscribes its own queue', subscribe(STRANGER, queueOf(STRANGER), open)],
  [
    'a member of another organization',
    subscribe(STRANGER, { ...queueOf(STRANGER), 'aws:PrincipalOrgID': 'o-9999999999' }, open),
  ],
  ['a member subscribes the queue of another', subscribe(STRANGER, { ...queueOf(FRAUD), ...member }, open)],
  [
    'the account of the bus subscribes the queue of a member',
    subscribe(ACCOUNT, { ...queueOf(FRAUD), ...member }, open),
  ],
  [
    'a role of the account of the bus, which is a member, without a permission of its own',
    { ...subscribe(ACCOUNT, { ...queueOf(ACCOUNT), ...member }, open), who: nobodyOf(ACCOUNT) },
  ],
  [
    'the consumer reads data of a type that it does not listen to',
    read('s3:GetObject', `/large/shop.ShipmentCreated.v1/${HASHES}`),
  ],
  [
    'an administrator there reads what is no large data',
    read('s3:GetObject', '/archive/a', {}, administratorOf(FRAUD)),
  ],
  [
    'writes large data',
    read('s3:PutObject', `/large/shop.OrderPlaced.v1/${HASHES}`, {}, administratorOf(FRAUD)),
  ],
  ['deletes it', read('s3:DeleteObject', `/large/shop.OrderPlaced.v1/${HASHES}`, {}, administratorOf(FRAUD))],
  ['lists all of it', read('s3:ListBucket', '', { 's3:prefix': 'large/' }, administratorOf(FRAUD))],
  [
    'lists one type',
    read('s3:ListBucket', '', { 's3:prefix': 'large/shop.OrderPlaced.v1/' }, administratorOf(FRAUD)),
  ],
  [
    'lists what begins with half a hash',
    read(
      's3:ListBucket',
      '',
      { 's3:prefix': `large/shop.OrderPlaced.v1/${HASHES.slice(0, -1)}` },
      administratorOf(FRAUD),
    ),
  ],
  ['lists without a prefix', read('s3:ListBucket', '', {}, administratorOf(FRAUD))],
  [
    'a stranger reads large data',
    read('s3:GetObject', `/large/shop.OrderPlaced.v1/${HASHES}`, {}, administratorOf(STRANGER)),
  ],
  [
    'the consumer reads over plain http',
    read('s3:GetObject', `/large/shop.OrderPlaced.v1/${HASHES}`, { 'aws:SecureTransport': 'false' }),
  ],
  [
    'a role of the account of the bus, which is a member, reads without a permission of its own',
    {
      ...read('s3:GetObject', `/large/shop.OrderPlaced.v1/${HASHES}`, member, nobodyOf(ACCOUNT)),
      of: bucketOf(open),
    },
  ],
  [
    'an administrator there decrypts by himself',
    useKey('kms:Decrypt', dataKeyOf(bus), {}, administratorOf(FRAUD)),
  ],
  [
    'encrypts with the key of large data',
    useKey('kms:GenerateDataKey', dataKeyOf(bus), viaS3, administratorOf(FRAUD)),
  ],
  [
    'has SNS use the key of large data',
    useKey('kms:Decrypt', dataKeyOf(bus), viaSns, administratorOf(FRAUD)),
  ],
  ['a stranger has S3 decrypt', useKey('kms:Decrypt', dataKeyOf(bus), viaS3, administratorOf(STRANGER))],
  [
    'a subscriber uses the key of the topic',
    useKey('kms:Decrypt', topicKeyOf(bus), viaSns, administratorOf(LOGISTICS)),
  ],
  [
    'the consumer that may emit uses that key by itself, whatever IAM there lets it do',
    useKey('kms:Decrypt', topicKeyOf(bus), {}, { ...administratorOf(FRAUD), arn: consumer.arn }),
  ],
  [
    'another role of its account uses that key',
    useKey('kms:Decrypt', topicKeyOf(bus), viaSns, administratorOf(FRAUD)),
  ],
  [
    'a stranger to the organization reads large data',
    {
      ...read('s3:GetObject', `/large/shop.OrderPlaced.v1/${HASHES}`, {}, administratorOf(STRANGER)),
      of: bucketOf(open),
    },
  ],
  ['has S3 decrypt it', useKey('kms:Decrypt', dataKeyOf(open), viaS3, administratorOf(STRANGER))],
  [
    'looks at the topic',
    { who: administratorOf(STRANGER), action: 'sns:GetTopicAttributes', of: topicOf(open) },
  ],
  ['a subscriber publishes', publish(administratorOf(LOGISTICS))],
  ['another role of the account of the consumer publishes', publish(administratorOf(FRAUD))],
  ['the consumer publishes where it may only listen', publish(consumer, readOnly)],
  [
    'a member of the organization publishes',
    { ...publish(administratorOf(STRANGER), open), context: member },
  ],
  [
    'the publisher over the API publishes to the topic',
    publish({ ...administratorOf(FRAUD), arn: CHECKOUT }),
  ],
  [
    'the consumer publishes over plain http',
    { ...publish(consumer), context: { 'aws:SecureTransport': 'false' } },
  ],
  [
    'a listed account changes the topic',
    { who: administratorOf(FRAUD), action: 'sns:SetTopicAttributes', of: topicOf(bus) },
  ],
];

describe('a bus that other accounts may use', () => {
  it.each(ALLOWED)('lets %s', (_, asked) => {
    expect(decide(asked)).toBe('allowed');
  });

  it.each(FORBIDDEN)('refuses: %s', (_, asked) => {
    expect(decide(asked)).not.toBe('allowed');
  });

  it('denies it explicitly when somebody subscribes a queue that is not of his account', () => {
    for (const [account, queue] of [
      [FRAUD, LOGISTICS],
      [FRAUD, ACCOUNT],
      [ACCOUNT, FRAUD],
      [STRANGER, STRANGER],
    ] as const) {
      expect(decide(subscribe(account, queueOf(queue)))).toBe('explicitly denied');
      expect(decide(subscribe(account, { ...queueOf(queue), ...member }, readOnly))).toBe(
        'explicitly denied',
      );
    }
    expect(decide(subscribe(STRANGER, { ...queueOf(FRAUD), ...member }, open))).toBe('explicitly denied');
  });
});

it('would not let anybody subscribe the queue of another account without the denials either', () => {
  const withoutDenials = (one: WithPolicies): WithPolicies => ({
    ...one,
    policies: one.policies.map(({ Statement }) => ({
      Statement: listOf<Statement>(Statement).filter(({ Effect }) => Effect === 'Allow'),
    })),
  });
  const ask = (account: string, context: Asked['context'], of = bus) =>
    decide({ ...subscribe(account, context), of: withoutDenials(topicOf(of)) });
  expect(ask(FRAUD, queueOf(FRAUD))).toBe('allowed');
  expect(ask(FRAUD, queueOf(LOGISTICS))).toBe('denied by default');
  expect(ask(FRAUD, queueOf(FRAUD, 'email'))).toBe('denied by default');
  expect(ask(STRANGER, queueOf(STRANGER))).toBe('denied by default');
  expect(ask(STRANGER, { ...queueOf(STRANGER), ...member }, open)).toBe('allowed');
  expect(ask(STRANGER, { ...queueOf(FRAUD), ...member }, open)).toBe('denied by default');
  expect(ask(STRANGER, { ...queueOf(STRANGER, 'email'), ...member }, open)).toBe('denied by default');
  expect(ask(STRANGER, queueOf(STRANGER), open)).toBe('denied by default');
});
