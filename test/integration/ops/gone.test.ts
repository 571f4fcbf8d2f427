import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { eventText, fill, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  const bodies = [eventText('e-1'), 'no event'];
  await fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies });
});
afterEach(() => rig.stop());

const remove = (QueueUrl: string) => rig.clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));

describe('a dead-letter queue that somebody has deleted', () => {
  it.each([
    ['list', ['list', 'email']],
    ['redrive', ['redrive', 'email']],
    ['moves', ['moves', 'email']],
  ])('is named by %s, which ends with 3', async (_, args) => {
    await remove(rig.consumer.deadLetterQueueUrl);
    const { code, stderr } = await rig.run('dlq', ...args);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr:
        'fanfare: the dead-letter queue of email does not exist; deploy its stack shop-dev-Email so that it is created again\n',
    });
  });
});

it.each([
  ['all', []],
  ['a selection', ['--type', 'shop.OrderPlaced']],
])('a queue that is gone is named by a redrive of %s, which moves nothing', async (_, choice) => {
  await remove(rig.consumer.queueUrl);
  const { code, stderr } = await rig.run('dlq', 'redrive', 'email', ...choice);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining('the queue of email does not exist'),
  });
  expect(await countMessages(rig.clients, rig.consumer.deadLetterQueueUrl)).toMatchObject({
    waiting: 2,
    inFlight: 0,
  });
});

it('an idempotency table that is gone hides no message: a list shows all, and says what it does not know', async () => {
  await rig.clients.dynamodb.send(new DeleteTableCommand({ TableName: rig.consumer.idempotencyTable }));
  const { code, stdout, stderr } = await rig.run('dlq', 'list', 'email');
  expect(stdout).toMatch(/its reason cannot be read: idempotency table .* does not exist/);
  expect(stderr).toContain('2 of 2 read; the reasons of 1 are unknown');
  expect(code).toBe(3);
});
