import { CreateTopicCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AskedReplay, makeRequest } from '../../../lib/ops/replay/make-request.ts';
import { type Rig, startRig } from './rig.ts';

const DAY = 86_400_000;
const replays = { queueUrl: 'q', deadLetterQueueUrl: 'd', tableName: 't', functionName: 'f' };
const TYPES = ['shop.OrderPlaced.v1', 'shop.OrderPlaced.v2', 'shop.OrderShipped.v1'];
let rig: Rig;
let subscriptionArn: string;

beforeAll(async () => {
  rig = await startRig();
  const { sns } = rig.clients;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'filtered' }));
  const { SubscriptionArn = '' } = await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${rig.consumer.queueUrl.split('/').at(-1)}`,
      Attributes: { FilterPolicy: JSON.stringify({ type: TYPES }) },
      ReturnSubscriptionArn: true,
    }),
  );
  subscriptionArn = SubscriptionArn;
});
afterAll(() => rig.stop());

/** What a request becomes, of a deployment and a consumer that differ so. */
function request(
  asked: Partial<AskedReplay> = {},
  consumer: Partial<Rig['consumer']> = {},
  deployment: Partial<Rig['deployment']> = {},
) {
  const whole = {
    types: [],
    sources: [],
    mode: 'fill',
    rate: 100,
    from: Date.now() - DAY,
    to: Date.now(),
  } as const;
  return makeRequest(
    rig.clients,
    { ...rig.deployment, replays, ...deployment },
    { ...rig.consumer, subscriptionArn, ...consumer },
    { ...whole, ...asked },
  );
}

it('has the filter that the subscription has now', async () => {
  expect(await request()).toMatchObject({
    consumer: rig.consumer.label,
    queueUrl: rig.consumer.queueUrl,
    filterPolicy: { type: TYPES },
    filterPolicyScope: 'MessageAttributes',
    types: TYPES,
  });
  expect(await request({ types: ['shop.OrderPlaced'] })).toMatchObject({ types: TYPES.slice(0, 2) });
  await expect(request({ types: ['shop.OrderPaid'] })).rejects.toThrow("does not take 'shop.OrderPaid'");
});

it('refuses a bus without an archive, and one that is elsewhere', async () => {
  await expect(request({}, {}, { replays: undefined })).rejects.toThrow('it has no archive; deploy it with');
  await expect(request({}, {}, { replays: undefined, busPlace: 'elsewhere' })).rejects.toThrow(
    'a replay is started where the bus is',
  );
});

it('refuses a consumer of another account, or of another bus', async () => {
  const queueUrl = 'http://127.0.0.1:4566/444455556666/shop-dev-Email-Queue';
  await expect(request({}, { queueUrl })).rejects.toThrow(
    'is in the account 444455556666, and the bus is in',
  );
  await expect(request({}, { bus: 'shop-dev-Ledger' })).rejects.toThrow('listens to the bus shop-dev-Ledger');
});

it('refuses to repeat the effects of a consumer that does not want it, and still fills', async () => {
  await expect(request({ mode: 'again' }, { replay: 'refuse' })).rejects.toThrow("replay: 'refuse'");
  await expect(request({}, { replay: 'refuse' })).resolves.toBeDefined();
});

it('refuses to fill beyond what the consumer is sure to remember, unless it is younger than that', async () => {
  const before = Date.now();
  // The table was made now: it has a record of everything.
  const { knowsSince } = await request({ from: before - 30 * DAY });
  expect(knowsSince).toBeGreaterThan(before - DAY);
  const knownFor = (days: number) => ({
    ...rig.clients,
    dynamodb: Object.assign(Object.create(rig.clients.dynamodb), {
      send: async () => ({ Table: { CreationDateTime: new Date(before - days * DAY) } }),
    }),
  });
  const ask = (asked: Partial<AskedReplay>, days = 100) =>
    makeRequest(
      knownFor(days),
      { ...rig.deployment, replays },
      { ...rig.consumer, subscriptionArn },
      { types: [], sources: [], mode: 'fill', rate: 100, from: before - 30 * DAY, to: before, ...asked },
    );
  await expect(ask({})).rejects.toThrow(
    /records are sure to live for 21 days.*; begin later, or say --again/,
  );
  await expect(ask({ from: before - 27 * DAY })).rejects.toThrow('may no longer know what it did');
  await expect(ask({ from: before - 19 * DAY })).resolves.toMatchObject({ knowsSince: before - 100 * DAY });
  await expect(ask({}, 22)).rejects.toThrow('may no longer know what it did');
  await expect(ask({}, 19)).resolves.toBeDefined();
  await expect(ask({ mode: 'again' })).resolves.toMatchObject({ knowsSince: 0 });
});

it('refuses a consumer without a subscription', async () => {
  await rig.clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscriptionArn }));
  await expect(request()).rejects.toThrow('has no subscription');
});
