import { rmSync } from 'node:fs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import type { DeadLetter } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { holdLetters } from '../../../lib/ops/dead-letters/hold-letters.ts';
import { redrive } from '../../../lib/ops/dead-letters/redrive.ts';
import { consumerNamed, type DeployedConsumer, readDeployment } from '../../../lib/ops/deployment.ts';
import { countMessages } from '../../../lib/ops/status.ts';
import { eventually, post } from '../../apps/client.ts';
import { claimer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: claimer, entry: './claimer.ts' }],
});
const LETTERS = 12;
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let consumer: DeployedConsumer;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  consumer = consumerNamed(await readDeployment(clients, 'dev'), 'claimer');
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

async function letterOf(eventId: string): Promise<DeadLetter> {
  let found: DeadLetter | undefined;
  await eventually(`${eventId} is dead`, async () => {
    const { waiting } = await countMessages(clients, consumer.deadLetterQueueUrl);
    if (waiting === 0) return false;
    for await (const held of holdLetters(clients, consumer)) {
      found ??= held.find(({ letter }) => letter.eventId === eventId)?.letter;
    }
    return found !== undefined;
  });
  return found ?? expect.fail('there is no such letter');
}

it.each([
  ['all letters, by SQS’s own task,', {}],
  ['a selection', { type: 'test.FaultRequested' }],
])(
  'a redrive of %s to a consumer that is not mended ends, each letter moved once',
  async (_, selection) => {
    const dead = async (): Promise<number> =>
      (await countMessages(clients, consumer.deadLetterQueueUrl)).waiting;
    for (let index = await dead(); index < LETTERS; index++) {
      await post(local, {
        id: `hopeless-${index}`,
        type: 'test.FaultRequested.v1',
        data: { fault: 'give-up' },
      });
    }
    await eventually('all are dead', async () => (await dead()) === LETTERS);
    // So slowly that the first die again before the last are moved; without an end it would go on as long as it may.
    const signal = AbortSignal.timeout(8_000);
    expect(await redrive(clients, consumer, { selection, perSecond: 10, signal })).toBe(LETTERS);
    await eventually('all are dead again', async () => (await dead()) === LETTERS);
  },
  90_000,
);

it('a letter that SQS’s own task has redriven tells of its last death, not of its first', async () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const data = { fault: 'throw' };
  // As the task leaves it: with what it carried when it was given up, which SQS moves along when it fails for another reason.
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: consumer.queueUrl,
      MessageBody: JSON.stringify({
        specversion: '1.0',
        id: 'twice',
        source: '/test',
        type: 'test.FaultRequested.v1',
        data,
      }),
      MessageAttributes: {
        errorName: text('PermanentFailure'),
        errorMessage: text('it was the first time'),
        failedAt: text(new Date().toISOString()),
      },
    }),
  );
  expect(await letterOf('twice')).toMatchObject({
    errorName: 'Error',
    errorMessage: 'it always fails',
    attempts: claimer.retry.maxAttempts,
  });
}, 90_000);
