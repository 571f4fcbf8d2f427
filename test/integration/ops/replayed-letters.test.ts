import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Replay, replayAttributes } from '../../../lib/contracts/delivery/replay.ts';
import { drain, eventText, fill, order, type Rig, startRig, text } from './rig.ts';

let rig: Rig;
let folder: string;

beforeAll(async () => {
  rig = await startRig();
  folder = mkdtempSync(join(tmpdir(), 'fanfare-replayed-'));
});

afterAll(async () => {
  await rig?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await drain(rig.clients, rig.consumer.deadLetterQueueUrl);
  await drain(rig.clients, rig.consumer.queueUrl);
});

const AGAIN: Replay = { id: 'r-1', mode: 'again' };
const ATTRIBUTES = replayAttributes(AGAIN);

/** A dead letter that SQS itself has moved, so that only the record has the reason. */
const bury = (id: string, attributes: Readonly<Record<string, MessageAttributeValue>> = ATTRIBUTES) =>
  fill(rig.clients, { queueUrl: rig.consumer.deadLetterQueueUrl, bodies: [eventText(id)], attributes });

const putRecord = (key: string, message: string) =>
  rig.clients.dynamodb.send(
    new PutItemCommand({
      TableName: rig.consumer.idempotencyTable,
      Item: {
        id: { S: key },
        type: { S: 'shop.OrderPlaced.v1' },
        status: { S: 'FAILED' },
        dead: { BOOL: true },
        attempts: { N: '5' },
        failedAt: { N: String(Date.now()) },
        error: { M: { name: { S: 'Timeout' }, message: { S: message } } },
      },
    }),
  );

const letters = async () =>
  (await rig.run('dlq', 'list', 'email', '--json')).stdout
    .split('\n')
    .filter((line) => line.includes('"deadLetter"'))
    .map((line) => JSON.parse(line).data);
const sent = async () =>
  (await drain(rig.clients, rig.consumer.queueUrl)).map(({ MessageAttributes }) => MessageAttributes);
const sourceOf = (id: string): string => JSON.parse(eventText(id)).source;

describe('the dead letter of a replay', () => {
  it('has the reason of its own record, and says the replay', async () => {
    await putRecord(`${sourceOf('o-1')}|o-1`, 'the event itself');
    await putRecord(`${sourceOf('o-1')} r-1|o-1`, 'what is repeated');
    await bury('o-1');
    const [letter] = await letters();
    expect(letter).toMatchObject({ errorMessage: 'what is repeated', attempts: 5, replay: AGAIN });
    const { stdout } = await rig.run('dlq', 'show', 'email', letter.messageId);
    expect(stdout).toMatch(/^replay +r-1, again$/m);
  });

  it('whose attributes are wrong is shown with its reason, as of no replay', async () => {
    const wrong = { ...ATTRIBUTES, replaymode: text('sometimes'), errorName: text('UnreadableEventError') };
    await bury('o-2', wrong);
    const [letter] = await letters();
    expect(letter.errorName).toBe('UnreadableEventError');
    expect(letter).not.toHaveProperty('replay');
  });

  it('is sent back as one of its replay: redriven, edited, and restored', async () => {
    await bury('o-3', { ...ATTRIBUTES, errorName: text('Timeout') });
    expect(await rig.run('dlq', 'redrive', 'email', '--event-id', 'o-3')).toMatchObject({ code: 0 });
    expect(await sent()).toMatchObject([ATTRIBUTES]);
    await bury('o-3');
    // SQS itself moves them all.
    expect(await rig.run('dlq', 'redrive', 'email')).toMatchObject({ code: 0 });
    expect(await sent()).toMatchObject([ATTRIBUTES]);
    await bury('o-3');
    const [{ messageId }] = await letters();
    const data = JSON.stringify({ ...order('o-3'), email: 'grace@example.com' });
    expect(await rig.run('dlq', 'edit', 'email', messageId, '--data', data)).toMatchObject({ code: 0 });
    expect(await sent()).toMatchObject([ATTRIBUTES]);
    await bury('o-3');
    const file = join(folder, 'purged.jsonl');
    expect(await rig.run('dlq', 'purge', 'email', '--yes', '--file', file)).toMatchObject({ code: 0 });
    expect(await rig.run('dlq', 'restore', file)).toMatchObject({ code: 0 });
    expect(await sent()).toMatchObject([ATTRIBUTES]);
  });

  it('is noted in the record of the replay, not in that of the event, when it is sent back', async () => {
    const keys = [`${sourceOf('o-4')}|o-4`, `${sourceOf('o-4')} r-1|o-4`];
    for (const key of keys) await putRecord(key, 'no');
    await bury('o-4', { ...ATTRIBUTES, errorName: text('Timeout') });
    expect(await rig.run('dlq', 'redrive', 'email', '--event-id', 'o-4')).toMatchObject({ code: 0 });
    const notes = await Promise.all(
      keys.map(async (key) => {
        const Key = { id: { S: key } };
        const command = new GetItemCommand({ TableName: rig.consumer.idempotencyTable, Key });
        return (await rig.clients.dynamodb.send(command)).Item?.operation?.S;
      }),
    );
    expect(notes).toEqual([undefined, expect.stringMatching(/^redriven /)]);
  });
});
