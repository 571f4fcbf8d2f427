import { rmSync } from 'node:fs';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrders, openingStock } from '../../../bin/demo/orders.ts';
import { analytics } from '../../../lambdas/analytics/consumer.ts';
import { email } from '../../../lambdas/email/consumer.ts';
import { inventory } from '../../../lambdas/inventory/consumer.ts';
import { shipping } from '../../../lambdas/shipping/consumer.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post, recordOf, redrive } from '../../apps/client.ts';
import { type ExternalService, startExternalService } from '../../apps/external-service.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { loyalty } from './loyalty/consumer.ts';

const shop = [analytics, email, inventory, shipping].map((definition) => ({
  definition,
  entry: `../../../lambdas/${definition.name}/handler.ts`,
}));
const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: '../../../lambdas/publish/handler.ts',
  consumers: [...shop, { definition: loyalty, entry: './loyalty/handler.ts' }],
});

let points: ExternalService;
let local: LocalStack;

beforeAll(async () => {
  points = await startExternalService();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { POINTS_SERVICE: points.url, MAIL_FROM: 'shop@example.com' },
    log: () => undefined,
  });
  await post(local, openingStock());
  await eventually(
    'the stock has arrived',
    async () => (await itemsOf(local, 'Inventory', 'StockTable')).length > 0,
  );
});

afterAll(async () => {
  await local.stop();
  await points.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** A queue of the test's own that every event goes to. */
async function tapEverything(): Promise<() => Promise<Envelope[]>> {
  const { QueueUrl } = await local.sqs.send(new CreateQueueCommand({ QueueName: 'tap' }));
  const { Attributes } = await local.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await local.sns.send(
    new SubscribeCommand({
      TopicArn: local.stacks.find(({ name }) => name.endsWith('Bus'))?.outputs.TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  const events: Envelope[] = [];
  return async () => {
    const { Messages = [] } = await local.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '{}', ReceiptHandle } of Messages) {
      events.push(JSON.parse(Body));
      await local.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return events;
  };
}

describe('an order is placed', () => {
  it('and inventory, e-mail, analytics and shipping each do their part; its events are one story', async () => {
    const tap = await tapEverything();
    const [order] = makeOrders(2);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await post(local, { ...order, traceparent })).status).toBe(202);
    await eventually('the whole story is told', async () => (await tap()).length === 4);

    const story = new Map((await tap()).map((event) => [event.type, event]));
    const cause = (type: string) => story.get(type)?.causationid;
    expect([...story.keys()].toSorted()).toEqual([
      'shop.InventoryReserved.v1',
      'shop.OrderConfirmationSent.v1',
      'shop.OrderPlaced.v1',
      'shop.ShipmentCreated.v1',
    ]);
    expect(cause('shop.InventoryReserved.v1')).toBe(order?.id);
    expect(cause('shop.OrderConfirmationSent.v1')).toBe(order?.id);
    expect(cause('shop.ShipmentCreated.v1')).toBe(story.get('shop.InventoryReserved.v1')?.id);
    for (const event of story.values()) {
      expect(event.correlationid).toBe(order?.id);
      expect(event.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
    }
    expect(points.received).toEqual([order?.id]);
  });
});

describe('a consumer fails', () => {
  const [, , ...orders] = makeOrders(9);

  it('and leaves the others alone, tries again, and ends in its dead-letter queue with its alarm up', async () => {
    points.up = false;
    for (const order of orders)
      await post(local, { ...order, source: '/test', data: { ...order.data, email: 'ada@example.com' } });
    await eventually(
      'the others are done',
      async () => (await itemsOf(local, 'Shipping', 'ShipmentsTable')).length === orders.length + 1,
    );
    await eventually('loyalty has given all of them up', () => local.isQuiet(), 40_000);
    expect(points.refused).toBe(loyalty.retry.maxAttempts * orders.length);
    expect(await recordOf(local, 'Loyalty', orders[0]?.id ?? '')).toMatchObject({
      status: { S: 'FAILED' },
      error: { M: { message: { S: 'the points service answered 503' } } },
    });
    await eventually('the alarm is up', () =>
      local.alarms.alarms.some(
        ({ name, state }) => /Loyalty.*DeadLetters[0-9A-F]{8}$/.test(name) && state === 'ALARM',
      ),
    );
    for (const stack of ['Analytics', 'Email', 'Inventory', 'Shipping'])
      expect(await deadLettersOf(local, stack)).toEqual([]);
  }, 60_000);

  it('and catches up when it is repaired and its dead letters are redriven', async () => {
    points.up = true;
    expect(await redrive(local, 'Loyalty')).toBe(orders.length);
    await eventually('they are through', () => local.isQuiet());
    expect(points.received.slice(1).toSorted()).toEqual(orders.map(({ id }) => id).toSorted());
    await eventually('the alarm is down', () =>
      local.alarms.alarms.every(
        ({ name, state }) => !/Loyalty.*DeadLetters[0-9A-F]{8}$/.test(name) || state === 'OK',
      ),
    );
  });
});
