import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../bin/app.ts';
import { openingStock } from '../../bin/demo/orders.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post, recordOf } from '../apps/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-shop-'));
const assemblyDirectory = join(folder, 'assembly');
const start = () =>
  startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    dataDirectory: join(folder, 'data'),
    log: () => undefined,
  });
const order = (orderId: string, extra: object = {}) => ({
  id: orderId,
  type: 'shop.OrderPlaced.v1',
  data: {
    orderId,
    customerId: 'customer-1',
    email: 'ada@example.com',
    currency: 'EUR',
    totalMinor: 1990,
    lines: [{ sku: 'kettle', quantity: 2 }],
    ...extra,
  },
});
const reservedKettles = async (): Promise<number> => {
  const stock = await itemsOf(local, 'Inventory', 'StockTable');
  return Number(stock.find(({ sku }) => sku?.S === 'kettle')?.reserved?.N ?? 0);
};

let local: LocalStack;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  local = await start();
  expect((await post(local, openingStock())).status).toBe(202);
  await eventually(
    'the stock has arrived',
    async () => (await itemsOf(local, 'Inventory', 'StockTable')).length > 0,
  );
});

afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('an order', () => {
  it('posted 50 times, half of them at once, has each effect once', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => post(local, order('fifty'))));
    for (let copy = 0; copy < 25; copy++) answers.push(await post(local, order('fifty')));
    expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
    await eventually('everything is through', () => local.isQuiet(), 40_000);
    expect(await reservedKettles()).toBe(2);
    expect(await itemsOf(local, 'Shipping', 'ShipmentsTable')).toHaveLength(1);
    expect(await itemsOf(local, 'Analytics', 'CountsTable')).toMatchObject([
      { orders: { N: '1' }, quantity: { N: '2' } },
    ]);
    expect(local.mail().filter(({ subject }) => subject.includes('fifty'))).toHaveLength(1);
  }, 60_000);

  it('that cannot be served has no effect in the stock, and no shipment', async () => {
    await post(
      local,
      order('too-much', {
        lines: [
          { sku: 'kettle', quantity: 1 },
          { sku: 'unknown', quantity: 1 },
        ],
      }),
    );
    await eventually('everything is through', () => local.isQuiet());
    expect(await reservedKettles()).toBe(2);
    expect(await recordOf(local, 'Inventory', 'too-much')).toMatchObject({
      status: { S: expect.stringMatching(/^COMPLETED /) },
    });
    expect(await itemsOf(local, 'Shipping', 'ShipmentsTable')).toHaveLength(1);
  });

  it('whose mail is refused for good becomes a dead letter of email with its reason, and of nobody else', async () => {
    await post(local, order('poison', { email: 'nobody@undeliverable.example' }));
    await eventually(
      'the dead letter is there',
      async () => (await deadLettersOf(local, 'Email')).length === 1,
    );
    await eventually('it can be looked at again', async () => {
      const [letter] = await deadLettersOf(local, 'Email');
      return (
        letter?.MessageAttributes?.errorMessage?.StringValue ===
        'SES refuses the confirmation of order poison'
      );
    });
    expect(await deadLettersOf(local, 'Inventory')).toEqual([]);
    await eventually('its alarm is up', () =>
      local.alarms.alarms.some(
        ({ name, state }) => /Email.*DeadLettersArriving/.test(name) && state === 'ALARM',
      ),
    );
  });
});

describe('any AWS SDK', () => {
  it('sees the subscriptions with their filter policies, and the queues with their redrive policies', async () => {
    const { Subscriptions = [] } = await local.sns.send(new ListSubscriptionsCommand({}));
    const policies = await Promise.all(
      Subscriptions.map(async ({ SubscriptionArn }) => {
        const { Attributes } = await local.sns.send(
          new GetSubscriptionAttributesCommand({ SubscriptionArn }),
        );
        return Attributes?.FilterPolicy;
      }),
    );
    // The archive takes everything.
    expect(policies).toHaveLength(5);
    expect(policies.filter((policy) => policy !== undefined && policy !== '').toSorted()).toEqual([
      '{"type":["shop.InventoryReserved.v1"]}',
      '{"type":["shop.OrderPlaced.v1","shop.StockReceived.v1"]}',
      '{"type":["shop.OrderPlaced.v1"]}',
      '{"type":["shop.OrderPlaced.v1"]}',
    ]);
    const { Attributes } = await local.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: local.find('Email', 'Queue').physicalId,
        AttributeNames: ['All'],
      }),
    );
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 654 });
  });

  it('can publish to the topic itself; what breaks its contract dies at once, with the reason', async () => {
    const message = {
      specversion: '1.0',
      id: 'direct',
      source: '/test',
      type: 'shop.InventoryReserved.v1',
      data: { orderId: 1 },
    };
    await local.sns.send(
      new PublishCommand({
        TopicArn: local.stacks.find(({ name }) => name.endsWith('Bus'))?.outputs.TopicArn,
        Message: JSON.stringify(message),
        MessageAttributes: { type: { DataType: 'String', StringValue: message.type } },
      }),
    );
    await eventually('the dead letter says why', async () => {
      const [letter] = await deadLettersOf(local, 'Shipping');
      return letter?.MessageAttributes?.errorMessage?.StringValue?.includes('/data/orderId') ?? false;
    });
  });
});

describe('the local stack', () => {
  it('keeps tables, dead letters and mail over a restart with the same data directory', async () => {
    const mails = local.mail().length;
    const kettles = await reservedKettles();
    await local.stop();
    local = await start();
    expect(await reservedKettles()).toBe(kettles);
    expect(local.mail()).toHaveLength(mails);
    await eventually(
      'the dead letter is still there',
      async () => (await deadLettersOf(local, 'Email')).length === 1,
    );
    await post(local, order('fifty'));
    await eventually('everything is through', () => local.isQuiet());
    expect(await reservedKettles()).toBe(kettles);
  });

  it('replaces no function when nothing has changed', async () => {
    expect(await local.reload(assemblyDirectory)).toEqual([]);
  });

  it('answers 404 beside its routes, as API Gateway does', async () => {
    const response = await fetch(`${local.apiUrl}/nothing`);
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  it('says which port is taken and how to choose another', async () => {
    const taken = Number(new URL(local.apiUrl).port);
    const ports = { api: taken, aws: 0, dynamodb: 0 };
    await expect(startLocal({ assemblyDirectory, ports, log: () => undefined })).rejects.toThrow(
      `port ${taken} for the HTTP API is taken; choose another with --api-port or FANFARE_API_PORT`,
    );
  });
});
