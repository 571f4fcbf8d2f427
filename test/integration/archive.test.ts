import { rmSync } from 'node:fs';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchivedEvent } from '../../lib/archive/archived-event.ts';
import { hourPrefix, markOf, readObjectKey } from '../../lib/archive/object-key.ts';
import { sqsRecord } from '../../lib/local/event-sources/sqs-record.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { bucketOf, openArchive } from '../apps/archive/archived-lines.ts';
import { eventually, post } from '../apps/client.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const base = new URL('../apps/reports/', import.meta.url).href;
const assemblies = [false, true].map((fifo) =>
  synthesizeApp({ base, publishEntry: './publish.ts', fifo, consumers: [] }),
);
const [standard = '', ordered = ''] = assemblies;
const running: LocalStack[] = [];

async function run(
  assemblyDirectory: string,
  polls: (environment: Readonly<Record<string, string>>) => boolean = () => true,
): Promise<LocalStack> {
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  const local = await startLocal({ assemblyDirectory, ports, polls, log: () => undefined });
  running.push(local);
  return local;
}

afterAll(async () => {
  await Promise.all(running.map((local) => local.stop()));
  for (const directory of assemblies) rmSync(directory, { recursive: true, force: true });
});

const archiveQueue = (local: LocalStack): string =>
  local.find('shop-dev-Bus', 'Archive/Queues/Queue').physicalId;

async function linesOf(local: LocalStack): Promise<readonly ArchivedEvent[]> {
  return (await openArchive(local)).flatMap(({ lines }) => lines);
}

/** The lines of these events, once they are there, in the order in which they are archived. */
async function linesWhenThere(local: LocalStack, ...ids: readonly string[]) {
  let lines: readonly ArchivedEvent[] = [];
  await eventually(`${ids.join(', ')} are archived`, async () => {
    lines = (await linesOf(local)).filter(({ id }) => ids.includes(id));
    return lines.length >= ids.length;
  });
  return lines;
}

describe('the archive of a bus', () => {
  let local: LocalStack;
  beforeAll(async () => {
    local = await run(standard);
  });

  it('has every event that was published over HTTP, as it was published', async () => {
    const before = Date.now();
    const data = { text: 'Grüße, "🚀"\n', pages: 1 };
    for (const id of ['one', 'two']) {
      const event = { id, type: 'office.ReportFiled.v2', subject: 'report/1', correlationid: 'story', data };
      expect(await post(local, event)).toMatchObject({ status: 202 });
    }
    const lines = await linesWhenThere(local, 'one', 'two');
    expect(lines).toHaveLength(2);
    for (const { body, arrivedAt, ...columns } of lines) {
      const event = JSON.parse(body);
      expect(event).toMatchObject({ specversion: '1.0', subject: 'report/1', data });
      const { id, source, type, subject, time, correlationid } = event;
      expect(columns).toEqual({ id, source, type, subject, time, correlationid });
      expect(Date.parse(arrivedAt)).toBeGreaterThanOrEqual(before);
    }
  });

  it('has objects whose keys say what is in them', async () => {
    await linesWhenThere(local, 'one', 'two');
    const [first = expect.fail('there is no object')] = await openArchive(local);
    const [line = expect.fail('there is no line')] = first.lines;
    expect(first.key.startsWith(hourPrefix(Date.parse(line.arrivedAt)))).toBe(true);
    expect(readObjectKey(first.key)).toMatchObject({
      events: first.lines.length,
      types: new Set([markOf('office.ReportFiled.v2')]),
      sources: new Set([markOf('/test')]),
    });
  });

  it('has the data of an event that is too large for a message', async () => {
    const data = { text: 'a long "report"\n'.repeat(60_000), pages: 900 };
    expect(await post(local, { id: 'large', type: 'office.ReportFiled.v2', data })).toMatchObject({
      status: 202,
    });
    const [line] = await linesWhenThere(local, 'large');
    expect(JSON.parse(line?.body ?? '')).toMatchObject({ dataref: expect.stringMatching(/^s3:/) });
    expect(JSON.parse(line?.largeData ?? '')).toEqual(data);
  });

  it('gives up a message that is no event, with the reason, and archives those that come with it', async () => {
    const QueueUrl = archiveQueue(local);
    await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"no":"event"}' }));
    await post(local, { id: 'beside', type: 'office.ReportFiled.v2', data: { text: '', pages: 1 } });
    await linesWhenThere(local, 'beside');
    await eventually('nothing is left', () => {
      const { visible, inFlight } = local.depthOf(QueueUrl);
      return visible + inFlight === 0;
    });
    const deadLetters = local.find('shop-dev-Bus', 'Archive/Queues/DeadLetterQueue').physicalId;
    const { Messages = [] } = await local.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetters,
        WaitTimeSeconds: 5,
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      {
        Body: '{"no":"event"}',
        MessageAttributes: {
          errorName: { StringValue: 'NoEventError' },
          errorMessage: { StringValue: expect.stringContaining('is not a CloudEvent') },
          receiveCount: { StringValue: '1' },
        },
      },
    ]);
    expect((await linesOf(local)).filter(({ body }) => body.includes('no'))).toEqual([]);
  });
});

describe('the archive of a FIFO bus', () => {
  it('has the place of each event in its group', async () => {
    const local = await run(ordered);
    const ids = ['first', 'second', 'third', 'fourth'];
    for (const id of ids) {
      const event = { id, type: 'office.ReportFiled.v2', partitionkey: 'report-1' };
      expect(await post(local, { ...event, data: { text: '', pages: 1 } })).toMatchObject({ status: 202 });
    }
    const lines = await linesWhenThere(local, ...ids);
    expect(lines.map(({ id }) => id)).toEqual(ids);
    const sequence = lines.map((line) => BigInt(line.sequence ?? expect.fail('there is no sequence')));
    expect(sequence.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(sequence);
    expect(lines.map(({ partitionkey }) => partitionkey)).toEqual(ids.map(() => 'report-1'));
  });
});

describe('a batch', () => {
  let local: LocalStack;
  beforeAll(async () => {
    local = await run(standard, () => false);
  });

  /** Hands the next message to the function, as Lambda does, and says what it answers. */
  async function invoke() {
    const QueueUrl = archiveQueue(local);
    const { Messages: [message = expect.fail('there is no message')] = [] } = await local.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['All'] }),
    );
    const Records = [sqsRecord(message, { queueArn: 'arn:aws:sqs:::archive', region: 'us-east-1' })];
    const named = [...local.functions.values()].find(({ configuration: { name } }) =>
      name.includes('Archive'),
    );
    const invocation = await named?.invoke({ Records });
    const handle = { QueueUrl, ReceiptHandle: message.ReceiptHandle };
    return {
      answer: invocation?.status === 'succeeded' ? invocation.value : invocation,
      acknowledge: () => local.sqs.send(new DeleteMessageCommand(handle)),
      deliverAgain: () =>
        local.sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 })),
    };
  }

  it('that is written and not acknowledged is written again, and readers can tell', async () => {
    await post(local, { id: 'twice', type: 'office.ReportFiled.v2', data: { text: '', pages: 1 } });
    // The environment ends after it has written, so Lambda does not get the answer.
    await (await invoke()).deliverAgain();
    const again = await invoke();
    expect(again.answer).toEqual({ batchItemFailures: [] });
    await again.acknowledge();
    const objects = await openArchive(local);
    expect(objects).toHaveLength(2);
    expect(new Set(objects.map(({ key }) => key)).size).toBe(2);
    const [first, second] = objects.flatMap(({ lines }) => lines);
    expect(second).toEqual(first);
  });

  it('whose large data is gone is archived without it', async () => {
    const data = { text: 'x'.repeat(400_000), pages: 1 };
    await post(local, { id: 'expired', type: 'office.ReportFiled.v2', data });
    const { s3, Bucket } = bucketOf(local);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'large/' }));
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    s3.destroy();
    const { answer, acknowledge } = await invoke();
    expect(answer).toEqual({ batchItemFailures: [] });
    await acknowledge();
    const [line] = await linesWhenThere(local, 'expired');
    expect(line).not.toHaveProperty('largeData');
    expect(JSON.parse(line?.body ?? '')).toMatchObject({ datasize: JSON.stringify(data).length });
  });
});
