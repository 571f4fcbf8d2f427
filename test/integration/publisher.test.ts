import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/aws/clock.ts';
import type { Envelope } from '../../lib/contracts/envelope/envelope.ts';
import { createMessagingEngine, type MessagingEngine } from '../../lib/local/engines/fauxqs.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../lib/publishing/topic/publish-chunks.ts';
import { entryOf } from '../../lib/publishing/topic/publish-entry.ts';
import { createTopicPublisher } from '../../lib/publishing/topic/topic-publisher.ts';

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
/** Retries without pauses. */
const clock = { ...systemClock, sleep: async () => undefined };

const event = (index: number, extra: Partial<Envelope> = {}): Envelope => ({
  specversion: '1.0',
  id: String(index),
  source: '/test',
  type: 'test.Happened.v1',
  ...extra,
});

describe('the publisher on the embedded engine', () => {
  let engine: MessagingEngine;
  let sns: SNSClient;
  let sqs: SQSClient;

  beforeAll(async () => {
    engine = await createMessagingEngine(REGION, undefined);
    const endpoint = await engine.app.listen({ port: 0, host: '127.0.0.1' });
    sns = new SNSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  });

  afterAll(() => engine.app.close());

  /** A topic with one queue behind it. */
  async function createTopic(name: string, { fifo = false } = {}) {
    const suffix = fifo ? '.fifo' : '';
    const attributes = fifo ? { Attributes: { FifoTopic: 'true' } } : {};
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name + suffix, ...attributes }));
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: name + suffix,
        ...(fifo && { Attributes: { FifoQueue: 'true' } }),
      }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: TopicArn.replace(':sns:', ':sqs:'),
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    return { publisher: createTopicPublisher({ sns, topicArn: TopicArn }), QueueUrl };
  }

  async function receiveAll(QueueUrl: string | undefined): Promise<Message[]> {
    const all: Message[] = [];
    for (let received = 1; received > 0; ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      all.push(...Messages);
      // The rest of a message group comes once its first messages are gone.
      for (const { ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      received = Messages.length;
    }
    return all;
  }

  const idsOf = (messages: readonly Message[]): number[] =>
    messages.map(({ Body = '' }) => Number(JSON.parse(Body).id));

  it('publishes more events than a request takes, each once, as they are', async () => {
    const { publisher, QueueUrl } = await createTopic('many');
    const events = Array.from({ length: 25 }, (_, index) =>
      event(index, { subject: 'ä🎺', data: { index } }),
    );
    const outcomes = await publisher.publish(events);
    expect(outcomes.filter(({ status }) => status !== 'published')).toEqual([]);
    const messages = await receiveAll(QueueUrl);
    const bodies = messages.map(({ Body = '' }) => JSON.parse(Body));
    expect(bodies.sort((a, b) => a.id - b.id)).toEqual(events);
    expect(messages[0]?.MessageAttributes).toMatchObject({
      type: { StringValue: 'test.Happened.v1' },
      source: { StringValue: '/test' },
      subject: { StringValue: 'ä🎺' },
    });
  });

  it('publishes an event of exactly the size that SNS takes, beside others', async () => {
    const { publisher, QueueUrl } = await createTopic('large');
    const empty = event(1, { data: '' });
    const padding = MAX_MESSAGE_BYTES - entryBytes(entryOf(empty, 0, false));
    const outcomes = await publisher.publish([event(0), event(1, { data: 'x'.repeat(padding) }), event(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['published', 'published', 'published']);
    expect(idsOf(await receiveAll(QueueUrl)).sort()).toEqual([0, 1, 2]);
  });

  it('keeps the order of a message group on a FIFO topic, over several requests', async () => {
    const { publisher, QueueUrl } = await createTopic('ordered', { fifo: true });
    const events = Array.from({ length: 25 }, (_, index) => event(index, { partitionkey: 'customer-1' }));
    const outcomes = await publisher.publish(events);
    expect(outcomes.filter(({ status }) => status !== 'published')).toEqual([]);
    expect(idsOf(await receiveAll(QueueUrl))).toEqual(events.map(({ id }) => Number(id)));
  });

  it('publishes an event that is sent again once on a FIFO topic', async () => {
    const { publisher, QueueUrl } = await createTopic('again', { fifo: true });
    await publisher.publish([event(1)]);
    await publisher.publish([event(1, { time: '2026-01-31T12:00:00Z' })]);
    expect(idsOf(await receiveAll(QueueUrl))).toEqual([1]);
  });

  it('publishes several versions of an event, under its one id, on a FIFO topic too', async () => {
    const { publisher, QueueUrl } = await createTopic('versions', { fifo: true });
    await publisher.publish([event(1), event(1, { type: 'test.Happened.v2' })]);
    expect(idsOf(await receiveAll(QueueUrl))).toEqual([1, 1]);
  });
});

describe('the publisher and an SNS that fails as the real one does', () => {
  let server: Server;
  let requests = 0;

  afterEach(() => {
    requests = 0;
    server.closeAllConnections();
    server.close();
  });

  /** Publishes one event to a server that answers so; the SDK itself tries once. */
  async function publishTo(answer: (response: ServerResponse) => void, signal?: AbortSignal) {
    server = createServer((request, response) => {
      requests += 1;
      request.resume().on('end', () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a server that listens on TCP has one
    const sns = new SNSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: REGION,
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    const publisher = createTopicPublisher({ sns, topicArn: 'arn:aws:sns:eu-west-1:1:t', clock });
    const [outcome] = await publisher.publish([event(1)], { ...(signal && { signal }) });
    return outcome;
  }

  const error =
    (status: number, code: string) =>
    (response: ServerResponse): void => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>because</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      );
    };

  it.each([
    [403, 'AuthorizationError'],
    [404, 'NotFound'],
    [400, 'KMSAccessDenied'],
    [400, 'SomethingNew'],
  ])('does not try again a %i %s, and says why', async (status, code) => {
    expect(await publishTo(error(status, code))).toMatchObject({
      status: 'failed',
      message: 'because',
      retryable: false,
    });
    expect(requests).toBe(1);
  });

  it.each([
    [400, 'Throttling'],
    [429, 'SomethingNew'],
    [408, 'SomethingNew'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ])('tries a %i %s again, four times in all', async (status, code) => {
    expect(await publishTo(error(status, code))).toMatchObject({ status: 'failed', retryable: true });
    expect(requests).toBe(4);
  });

  it('tries again when the connection breaks', async () => {
    expect(await publishTo((response) => response.destroy())).toMatchObject({ retryable: true });
    expect(requests).toBe(4);
  });

  it('tries again when a proxy answers with something that is not SNS', async () => {
    const outcome = await publishTo((response) => response.writeHead(502).end('<html>Bad gateway'));
    expect(outcome).toMatchObject({ status: 'failed', retryable: true });
    expect(requests).toBe(4);
  });

  it('gives up a silent connection when it is aborted', async () => {
    const controller = new AbortController();
    const outcome = await publishTo(() => controller.abort(), controller.signal);
    expect(outcome).toMatchObject({ status: 'failed', code: 'AbortError', retryable: true });
    expect(requests).toBe(1);
  });
});
