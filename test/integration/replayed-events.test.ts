import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Replay, replayAttributes } from '../../lib/contracts/delivery/replay.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import { readDeployment } from '../../lib/ops/deployment.ts';
import { trace } from '../../lib/ops/trace/trace.ts';
import { eventually, itemsOf } from '../apps/client.ts';
import { createApp } from '../apps/orders/app.ts';

const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-replayed-'));
let local: LocalStack;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  local = await startLocal({ assemblyDirectory, ports, log: () => undefined });
});

afterAll(async () => {
  await local?.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** Sends an event to the queue of one consumer, as a replay does, and waits until all that it causes is over. */
async function send(stack: string, event: object, replay?: Replay): Promise<void> {
  await local.sqs.send(
    new SendMessageCommand({
      QueueUrl: local.find(stack, 'Queue').physicalId,
      MessageBody: JSON.stringify({ specversion: '1.0', source: '/test', ...event }),
      ...(replay && { MessageAttributes: replayAttributes(replay) }),
    }),
  );
  await eventually('everything is through', () => local.isQuiet());
}

const again = (id: string): Replay => ({ id, mode: 'again' });

it('an event has its effect once, and once more in each replay that repeats it', async () => {
  const lines = [{ sku: 'tea', quantity: 5 }];
  const event = { id: 'stock-1', type: 'shop.StockReceived.v1', data: { deliveryId: 'd-1', lines } };
  const stock = async () => Number((await itemsOf(local, 'Inventory', 'StockTable'))[0]?.available?.N);
  await send('Inventory', event);
  await send('Inventory', event, { id: 'july', mode: 'fill' });
  expect(await stock()).toBe(5);
  for (const id of ['r-1', 'r-1', 'r-2']) await send('Inventory', event, again(id));
  expect(await stock()).toBe(15);
  const { awsEndpoint, dynamodbEndpoint } = local;
  const clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  const [traced] = await trace(clients, deployment, {
    id: 'stock-1',
    onProblem: ({ reason }) => expect.fail(reason),
  });
  clients.close();
  const replays = traced?.handlings.map(({ replay }) => replay?.id);
  expect(replays?.toSorted()).toEqual(['r-1', 'r-2', undefined]);
});
