import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSqsClient } from '../../../lib/aws/sns-client.ts';

const queueUrls: unknown[] = [];
const endpoint = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { QueueUrl, MessageBody } = JSON.parse(Buffer.concat(chunks).toString());
  queueUrls.push(QueueUrl);
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
  response.writeHead(200).end(JSON.stringify({ MessageId: '1', MD5OfMessageBody }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  endpoint.closeAllConnections();
  endpoint.close();
});

it.each([
  'https://sqs.eu-west-1.amazonaws.invalid/000000000000/Later',
  'https://sqs.cn-north-1.amazonaws.invalid/123456789012/Control.fifo',
])(
  'a message for %s, the URL of a queue of another stack, is sent to the configured endpoint',
  async (QueueUrl) => {
    const sqs = createSqsClient();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later' }));
    sqs.destroy();
    expect(queueUrls.at(-1)).toBe(QueueUrl);
  },
);
