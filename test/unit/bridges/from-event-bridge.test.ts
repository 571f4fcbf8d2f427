import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { fromEventBridge } from '../../../lib/publishing/event-bridge/from-event-bridge.ts';

const contract = defineEvent({
  type: 'payments.PaymentReceived',
  version: 1,
  description: 'A customer has paid.',
  data: z.object({ orderId: z.string() }),
});
const event = {
  id: 'e1',
  source: 'com.example.payments',
  'detail-type': 'Payment Received',
  time: '2026-07-01T12:00:00Z',
  account: '111122223333',
  region: 'eu-west-1',
  resources: [],
  detail: { orderId: 'o1' },
};

interface Answer {
  readonly status: number;
  readonly body: string;
}
const asked: string[] = [];
let answerOfSns: Answer;
/** Undefined when SQS takes the message. */
let refusalOfSqs: Answer | undefined;

/** SNS and SQS. Of a request to SQS its message is noted. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const isSqs = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
  const message = isSqs ? String(JSON.parse(Buffer.concat(chunks).toString()).MessageBody) : 'sns';
  asked.push(message);
  const { status, body } = isSqs ? (refusalOfSqs ?? takenBySqs(message)) : answerOfSns;
  response.writeHead(status).end(body);
});

/** The SDK compares the hash with that of the message. */
function takenBySqs(message: string): Answer {
  const MD5OfMessageBody = createHash('md5').update(message).digest('hex');
  return { status: 200, body: JSON.stringify({ MessageId: 'm1', MD5OfMessageBody }) };
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());
beforeEach(() => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_SNS: url,
    AWS_ENDPOINT_URL_SQS: url,
    TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:events',
    DATA_BUCKET: 'data',
    DEAD_LETTER_QUEUE_URL: `${url}/111122223333/dead`,
    POWERTOOLS_SERVICE_NAME: 'from-payments',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  refusalOfSqs = undefined;
});
afterEach(() => {
  asked.length = 0;
  vi.unstubAllEnvs();
});

const handle = (payload: unknown) => {
  const mapping = { source: 'com.example.payments', detailType: 'Payment Received', contract };
  return fromEventBridge([mapping])(payload, { getRemainingTimeInMillis: () => 30_000 });
};
const refusal = (code: string): string =>
  `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;

it.each([
  [503, 'ServiceUnavailable'],
  [403, 'AuthorizationError'],
])('throws when SNS answers %i %s, so that Lambda tries again', async (status, code) => {
  answerOfSns = { status, body: refusal(code) };
  await expect(handle(event)).rejects.toThrow(/SNS did not take payments\.PaymentReceived\.v1 e1: /);
  expect(new Set(asked)).toEqual(new Set(['sns']));
});

it('sends an event that breaks its contract to the dead-letter queue, and not to SNS', async () => {
  await handle({ ...event, detail: {} });
  expect(asked).toEqual([JSON.stringify({ ...event, detail: {} })]);
});

it('throws when the dead-letter queue takes nothing, so that Lambda sends the event there itself', async () => {
  refusalOfSqs = { status: 400, body: '{"__type":"QueueDoesNotExist"}' };
  await expect(handle({ ...event, detail: {} })).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  expect(asked).toEqual([JSON.stringify({ ...event, detail: {} })]);
});

it('does not compile with data that the contract does not have', () => {
  const mapping = { source: 'com.example.payments', detailType: 'Payment Received', contract };
  // @ts-expect-error the contract asks for an orderId
  const wrong = () => fromEventBridge([{ ...mapping, data: () => ({ order: 'o1' }) }]);
  const right = () => fromEventBridge([{ ...mapping, data: () => ({ orderId: 'o1' }) }]);
  expect([wrong, right].map((make) => typeof make())).toEqual(['function', 'function']);
});
