import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { createCatalog } from '../../lib/contracts/catalog.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import {
  CLOUDEVENTS_BATCH_JSON,
  CLOUDEVENTS_JSON,
  type Envelope,
} from '../../lib/contracts/envelope/envelope.ts';
import { defineProducer } from '../../lib/contracts/producers/define-producer.ts';
import { producerRule } from '../../lib/contracts/producers/producer-rule.ts';
import { type DynamoDBEngine, startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';
import { createPublishHandler, type PublishRules } from '../../lib/publishing/http/create-publish-handler.ts';
import { createProducerCounter, secondsLeft } from '../../lib/publishing/http/producer-counter.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/publishing/topic/publish-chunks.ts';
import { WITHOUT_BUNDLING } from '../cdk/synthesized.ts';

const Placed = defineEvent({
  type: 'shop.Placed',
  version: 1,
  description: 'A fact.',
  data: z.object({ n: z.int() }),
});
const noisy = defineProducer({
  name: 'noisy',
  principal: { iam: 'arn:aws:iam::111122223333:role/noisy' },
  types: [Placed],
  sources: ['/noisy'],
  eventsPerMinute: 150,
});
const quiet = defineProducer({
  name: 'quiet',
  principal: { iam: 'arn:aws:iam::111122223333:role/quiet' },
  types: [Placed],
  sources: ['/quiet'],
});

let engine: DynamoDBEngine;
let client: DynamoDBClient;
let published: Envelope[] = [];

beforeAll(async () => {
  const port = await reservePort(0, { what: 'test', flag: '', variable: '' });
  engine = await startDynamoDB(port, undefined);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: 'counts',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  vi.stubEnv('PRODUCER_COUNTS', 'counts');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', engine.endpoint);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'key');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await engine.stop();
});

/** Sends so many events of a producer to a publish function of its own. */
async function publish(producer: string, count: number, rules: PublishRules) {
  published = [];
  const publisher = {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (all: readonly Envelope[]) => {
      published.push(...all);
      return all.map(() => ({ status: 'published', messageId: 'm' }) as const);
    },
  };
  const event = (index: number) => ({
    specversion: '1.0',
    id: String(index),
    source: `/${producer}`,
    type: 'shop.Placed.v1',
    data: { n: 1 },
  });
  const handler = createPublishHandler(createCatalog([Placed]), publisher, rules);
  const request = {
    headers: { 'content-type': CLOUDEVENTS_BATCH_JSON },
    body: JSON.stringify(Array.from({ length: count }, (_, index) => event(index))),
    isBase64Encoded: false,
    requestContext: {
      authorizer: { iam: { userArn: `arn:aws:sts::111122223333:assumed-role/${producer}/session` } },
    },
  };
  return handler(request, { getRemainingTimeInMillis: () => 10_000 });
}

describe('a producer with a limit', () => {
  const producers = [noisy, quiet].map(producerRule);

  it('is answered 429 when it publishes more in a minute, over all instances, and delays nobody else', async () => {
    const now = Date.UTC(2026, 0, 1, 12, 0, 42);
    const rules = () => ({ producers, counter: createProducerCounter(() => now) });
    expect((await publish('noisy', 100, rules())).statusCode).toBe(202);
    const over = await publish('noisy', 100, rules());
    expect([over.statusCode, published]).toEqual([429, []]);
    expect(Number(over.headers?.['retry-after'])).toBeGreaterThan(0);
    expect((await publish('noisy', 50, rules())).statusCode).toBe(202);
    expect((await publish('noisy', 1, rules())).statusCode).toBe(429);
    expect((await publish('quiet', 100, rules())).statusCode).toBe(202);
    const next = { producers, counter: createProducerCounter(() => now + 60_000) };
    expect((await publish('noisy', 100, next)).statusCode).toBe(202);
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'counts', Key: { id: { S: `noisy#${Math.floor(now / 60_000)}` } } }),
    );
    expect(Item?.events).toEqual({ N: '150' });
    // Long after the minute, and not for ever.
    expect(Item?.expiresAt).toEqual({ N: String(Date.UTC(2026, 0, 1, 13, 0) / 1_000) });
  });

  it('is not stopped when its limit cannot be asked for', async () => {
    vi.stubEnv('PRODUCER_COUNTS', 'no-such-table');
    const { statusCode } = await publish('noisy', 1, { producers, counter: createProducerCounter() });
    vi.stubEnv('PRODUCER_COUNTS', 'counts');
    expect(statusCode).toBe(202);
  });

  it('is told when the next minute begins', () => {
    expect([secondsLeft(0), secondsLeft(59_001)]).toEqual([60, 1]);
  });

  it('may send at least one full request', () => {
    expect(() => defineProducer({ ...noisy, eventsPerMinute: 99 })).toThrow(/an integer from 100/);
  });
});

it('a request that is larger than the setting is refused', async () => {
  const handler = createPublishHandler(
    createCatalog([Placed]),
    { maxEventBytes: MAX_MESSAGE_BYTES, publish: async () => [] },
    { maxRequestBytes: 1_024 },
  );
  const request = {
    headers: { 'content-type': CLOUDEVENTS_JSON },
    body: ' '.repeat(1_025),
    isBase64Encoded: false,
  };
  const { statusCode, body } = await handler(request, { getRemainingTimeInMillis: () => 10_000 });
  expect([statusCode, body]).toEqual([413, expect.stringContaining('at most 1024 are allowed')]);
});

describe('the stack of the bus', () => {
  const PROD = { stage: 'prod', alarmEmail: 'ops@example.com', mailFrom: 'orders@shop.dev' };
  function templateOf(context: Record<string, unknown> = {}, producers = [quiet]) {
    const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...context } });
    return Template.fromStack(
      new EventBusStack(app, { settings: readSettings(app.node), events: [Placed], producers }),
    );
  }

  it('takes as many requests as the settings say, and 500 a second without them', () => {
    const throttle = (rate: number, burst: number) => ({
      DefaultRouteSettings: Match.objectLike({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }),
    });
    templateOf().hasResourceProperties('AWS::ApiGatewayV2::Stage', throttle(500, 500));
    const set = templateOf({ apiRate: '20', apiBurst: '40' });
    set.hasResourceProperties('AWS::ApiGatewayV2::Stage', throttle(20, 40));
  });

  it('reserves concurrency for the publish function in prod, so that it starves nobody', () => {
    templateOf(PROD).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 50 });
    templateOf().hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
    const set = templateOf({ publishConcurrency: '5' });
    set.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 5 });
  });

  it('tells of refusals, of throttling, of many requests and of much large data', () => {
    const template = templateOf({ apiRate: '10', largeDataGigabytes: '2' });
    for (const alarm of [
      { MetricName: '4xx', Threshold: 100, Period: 300 },
      { MetricName: Match.stringLikeRegexp('-throttled$'), Threshold: 0 },
      { MetricName: 'Count', Threshold: 480, Period: 60 },
      { MetricName: 'BucketSizeBytes', Threshold: 2 * 1024 ** 3, Period: 86_400 },
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...alarm,
        AlarmActions: [Match.anyValue()],
      });
    }
    template.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: '{ $.status = "429" }' });
  });

  it('has a budget when one is set', () => {
    templateOf().resourceCountIs('AWS::Budgets::Budget', 0);
    templateOf({ ...PROD, monthlyBudget: '200' }).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: Match.objectLike({
        BudgetLimit: { Amount: 200, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:fanfare:deployment$shop-prod'] },
      }),
    });
    expect(() => templateOf({ monthlyBudget: '200' })).toThrow(/nobody would get the mail/);
  });

  it('has a table of counts for producers with a limit only', () => {
    // Without an archive, because that has a table of replays. The others are those of stopped consumers and of cancelled events.
    templateOf({ archive: 'off' }).resourceCountIs('AWS::DynamoDB::Table', 2);
    const template = templateOf({ archive: 'off' }, [noisy, quiet]);
    template.resourceCountIs('AWS::DynamoDB::Table', 3);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dynamodb:UpdateItem' })]) },
    });
  });

  it.each([
    ['apiRate', '0'],
    ['apiRate', 'fast'],
    ['apiBurst', '1.5'],
    ['publishConcurrency', ''],
    ['maxRequestBytes', '99999999'],
    ['monthlyBudget', '-1'],
  ])('refuses -c %s=%s', (name, value) => {
    expect(() => templateOf({ ...PROD, [name]: value })).toThrow(
      new RegExp(`${name} is .*whole number from`),
    );
  });
});
