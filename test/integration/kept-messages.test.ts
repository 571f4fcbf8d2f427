import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMessagingEngine, type MessagingEngine, type Queue } from '../../lib/local/engines/fauxqs.ts';

const REGION = 'us-east-1';

let folder: string;
let opened: MessagingEngine[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-kept-'));
  opened = [];
});
afterEach(async () => {
  for (const { app } of opened) await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(directory: string): Promise<MessagingEngine> {
  const engine = await createMessagingEngine(REGION, directory);
  opened.push(engine);
  return engine;
}

async function ask({ app }: MessagingEngine, operation: string, payload: object): Promise<void> {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/',
    headers: {
      host: '127.0.0.1:1',
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    payload: JSON.stringify(payload),
  });
  if (statusCode !== 200) throw new Error(`${operation} was answered with ${statusCode}: ${body}`);
}

const urlOf = (name: string) => `http://127.0.0.1:1/000000000000/${name}`;
const bodiesOf = (queue: Queue | undefined) => {
  const { ready = [], inflight = [] } = queue?.inspectMessages() ?? {};
  return [...ready, ...inflight.map(({ message }) => message)].map(({ body }) => body);
};

/** What an engine finds that starts on what a killed one has left. */
async function foundIn(directory: string, names: readonly string[]): Promise<string[][]> {
  const { sqs } = await open(directory);
  return names.map((name) => bodiesOf(sqs.getQueueByName(name)));
}

describe.each([
  ['a standard queue', '', {}, {}],
  [
    'a FIFO queue',
    '.fifo',
    { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    { MessageGroupId: 'g' },
  ],
])('a message that %s moves to its dead-letter queue', (_, suffix, Attributes, group) => {
  const [name, dead] = [`orders${suffix}`, `dead${suffix}`];

  /** An engine with a message whose next receive moves it. */
  async function engineWithMessage(): Promise<MessagingEngine> {
    const engine = await open(join(folder, 'live'));
    await ask(engine, 'CreateQueue', { QueueName: dead, Attributes });
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:${REGION}:000000000000:${dead}`,
      maxReceiveCount: 1,
    });
    await ask(engine, 'CreateQueue', { QueueName: name, Attributes: { ...Attributes, RedrivePolicy } });
    await ask(engine, 'SendMessage', { QueueUrl: urlOf(name), MessageBody: 'order', ...group });
    await receive(engine);
    return engine;
  }
  const receive = (engine: MessagingEngine) =>
    ask(engine, 'ReceiveMessage', { QueueUrl: urlOf(name), VisibilityTimeout: 0 });

  it('is in one of the two on disk, whenever the process is killed', async () => {
    const engine = await engineWithMessage();
    const deadLetterQueue = engine.sqs.getQueueByName(dead);
    const enqueue = deadLetterQueue?.enqueue.bind(deadLetterQueue);
    Object.assign(deadLetterQueue ?? {}, {
      enqueue: (message: Parameters<Queue['enqueue']>[0]) => {
        cpSync(join(folder, 'live'), join(folder, 'before'), { recursive: true });
        enqueue?.(message);
      },
    });
    await receive(engine);
    cpSync(join(folder, 'live'), join(folder, 'after'), { recursive: true });
    expect(await foundIn(join(folder, 'before'), [name, dead])).toEqual([['order'], []]);
    expect(await foundIn(join(folder, 'after'), [name, dead])).toEqual([[], ['order']]);
  });

  it('is deleted for good when it is deleted there', async () => {
    const engine = await engineWithMessage();
    await receive(engine);
    const [message] = engine.sqs.getQueueByName(dead)?.dequeue(1) ?? [];
    await ask(engine, 'DeleteMessage', { QueueUrl: urlOf(dead), ReceiptHandle: message?.ReceiptHandle });
    cpSync(join(folder, 'live'), join(folder, 'after'), { recursive: true });
    expect(await foundIn(join(folder, 'after'), [name, dead])).toEqual([[], []]);
  });
});
