import { rmSync } from 'node:fs';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { deadLettersOf, eventually, post, recordOf, redrive } from '../apps/client.ts';
import { claimer } from '../apps/faults/consumer.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const NOTES = {
  emoji: 'a flat white ☕ and a 🥐, please 👩🏽‍🍳',
  han: '𠮷野家 has no table for 𠮟',
  last: 'the last of all: \u{10FFFD}',
};

let local: LocalStack;
const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: '../apps/faults/publish.ts',
  consumers: [{ definition: claimer, entry: '../apps/faults/claimer.ts' }],
});

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** What the dead letters say, by the id of their event. */
async function deadNotes(): Promise<Record<string, string>> {
  const letters = await deadLettersOf(local, 'Claimer');
  return Object.fromEntries(
    letters.map(({ Body = '' }) => JSON.parse(Body)).map(({ id, data }) => [id, data.note]),
  );
}

it('an event with characters beyond U+FFFF reaches the dead-letter queue whole, and again after a redrive', async () => {
  for (const [id, note] of Object.entries(NOTES)) {
    const answer = await post(local, {
      type: 'test.FaultRequested.v1',
      id,
      data: { fault: 'give-up', note },
    });
    expect(answer.status).toBe(202);
  }
  await eventually('all are dead', () => local.depthOf(deadLetterQueue()).visible === 3);
  const before = await failedAt('emoji');
  expect(await redrive(local, 'Claimer')).toBe(3);
  await eventually('it was tried again', async () => (await failedAt('emoji')) > before);
  await eventually('all are dead again', () => local.depthOf(deadLetterQueue()).visible === 3);
  expect(await deadNotes()).toEqual(NOTES);
}, 60_000);

const deadLetterQueue = () => local.find('Claimer', 'DeadLetterQueue').physicalId;
const failedAt = async (id: string) => Number((await recordOf(local, 'Claimer', id))?.failedAt?.N);

describe('a queue, as SQS does,', () => {
  const lone = 'half an emoji: \ud83d';

  it('takes such characters alone and in a batch, and no half of one', async () => {
    const QueueUrl = deadLetterQueue();
    await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: NOTES.emoji }));
    const Entries = [NOTES.han, lone, 'a bell: \u0007'].map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
    }));
    const { Successful, Failed } = await local.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['0']);
    expect(Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['1', 'InvalidMessageContents'],
      ['2', 'InvalidMessageContents'],
    ]);
    await expect(local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: lone }))).rejects.toThrow(
      'Invalid characters found',
    );
  });
});
