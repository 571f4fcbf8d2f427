import { rmSync } from 'node:fs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import type { DeadLetter } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { lookThrough } from '../../../lib/ops/dead-letters/look-through.ts';
import { redrive } from '../../../lib/ops/dead-letters/redrive.ts';
import { consumerNamed, type DeployedConsumer, readDeployment } from '../../../lib/ops/deployment.ts';
import type { Whereabouts } from '../../../lib/ops/fanfare-command.ts';
import { eventually, post } from '../../apps/client.ts';
import { claimer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: claimer, entry: './claimer.ts' }],
});
const DEAD_LETTERS = 12;
let local: LocalStack;
let where: Whereabouts;
let clients: ReturnType<typeof createOpsClients>;
let consumer: DeployedConsumer;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  where = { place, app: 'shop', stage: 'dev' };
  clients = createOpsClients(place);
  consumer = consumerNamed(await readDeployment(clients, { app: 'shop', stage: 'dev' }), 'claimer');
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

async function deadLetterOf(eventId: string): Promise<DeadLetter> {
  let found: DeadLetter | undefined;
  await eventually(`${eventId} is dead`, async () => {
    const { waiting } = await countMessages(clients, consumer.deadLetterQueueUrl);
    if (waiting === 0) return false;
    await lookThrough(clients, deadLetterQueueOf(consumer), {
      visit: async (received) => {
        found ??= received.find(({ deadLetter }) => deadLetter.eventId === eventId)?.deadLetter;
        return found ? 'enough' : 'next';
      },
    });
    return found !== undefined;
  });
  return found ?? expect.fail('there is no such dead letter');
}

it.each([
  ['all dead letters, by SQS’s own task,', {}, 0],
  // Those of them that it has seen dead again.
  ['a selection', { type: 'test.FaultRequested' }, expect.toSatisfy((left: number) => left > 0)],
])(
  'a redrive of %s to a consumer that is not repaired ends, each dead letter moved once',
  async (_, selection, left) => {
    const dead = async (): Promise<number> =>
      (await countMessages(clients, consumer.deadLetterQueueUrl)).waiting;
    for (let index = await dead(); index < DEAD_LETTERS; index++) {
      await post(local, {
        id: `hopeless-${index}`,
        type: 'test.FaultRequested.v1',
        data: { fault: 'give-up' },
      });
    }
    await eventually('all are dead', async () => (await dead()) === DEAD_LETTERS);
    // So slowly that the first die again before the last are moved; without an end it would go on as long as it may.
    const signal = AbortSignal.timeout(40_000);
    const queue = deadLetterQueueOf(consumer);
    expect(await redrive(clients, queue, { where, selection, perSecond: 10, signal })).toMatchObject({
      moved: DEAD_LETTERS,
      left,
    });
    await eventually('all are dead again', async () => (await dead()) === DEAD_LETTERS);
  },
  90_000,
);

it('a dead letter that SQS’s own task has redriven shows its last failure, not its first', async () => {
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
        errorName: text('PermanentError'),
        errorMessage: text('it was the first time'),
        failedAt: text(new Date().toISOString()),
      },
    }),
  );
  expect(await deadLetterOf('twice')).toMatchObject({
    errorName: 'Error',
    errorMessage: 'it always fails',
    attempts: claimer.retry.maxAttempts,
  });
}, 90_000);
