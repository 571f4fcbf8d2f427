import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSnsClient } from '../../lib/aws/sns-client.ts';
import { createCatalog } from '../../lib/contracts/catalog.ts';
import { CLOUDEVENTS_JSON, type Envelope } from '../../lib/contracts/envelope/envelope.ts';
import { createPublisher, type Publisher } from '../../lib/publishing/client/create-publisher.ts';
import { createPublishHandler } from '../../lib/publishing/http/create-publish-handler.ts';
import { createDataBucket } from '../../lib/publishing/large-data/data-bucket.ts';
import { createClaimCheckPublisher } from '../../lib/publishing/topic/claim-check.ts';
import { createTopicPublisher, type TopicPublisher } from '../../lib/publishing/topic/topic-publisher.ts';
import { Anything } from '../unit/publish/doors.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:bus';
const AT_ONCE = { now: Date.now, sleep: async () => undefined };
const event: Envelope = { specversion: '1.0', id: 'e', source: '/test', type: 'test.Anything.v1', data: 1 };

type Answer = (response: ServerResponse) => void;
const error = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
const partly = `<PublishBatchResponse><PublishBatchResult><Successful/><Failed><member><Id>0</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed></PublishBatchResult></PublishBatchResponse>`;
/** What a service answers that is in trouble; all of it may pass. */
const TROUBLES: readonly (readonly [string, Answer])[] = [
  ['503', (response) => response.writeHead(503).end()],
  ['500', (response) => response.writeHead(500).end(error('InternalError'))],
  ['429', (response) => response.writeHead(429).end()],
  ['throttling', (response) => response.writeHead(400).end(error('Throttling'))],
  ['a broken connection', (response) => response.destroy()],
  ['failed entries', (response) => response.end(partly)],
];

let servers: Server[] = [];
/** Requests that reached each service, since the test has begun. */
const count = { sns: 0, s3: 0, api: 0 };
let answer: Answer;
let snsUrl: string;

/** Starts a service that counts its requests. */
async function serve(
  name: keyof typeof count,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const server = createServer((request, response) => {
    count[name] += 1;
    handle(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

beforeEach(async () => {
  Object.assign(count, { sns: 0, s3: 0, api: 0 });
  snsUrl = await serve('sns', (request, response) => {
    request.resume();
    answer(response);
  });
  vi.stubEnv('AWS_ENDPOINT_URL_SNS', snsUrl);
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  vi.unstubAllEnvs();
});

const topic = (silenceMs?: number): TopicPublisher =>
  createTopicPublisher({ sns: createSnsClient(silenceMs), topicArn: TOPIC, clock: AT_ONCE });

/** The HTTP API with the publish function behind it. */
async function serveApi(publisher = topic()): Promise<string> {
  const handler = createPublishHandler(createCatalog([Anything]), publisher);
  return serve('api', async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const answered = await handler(
      { headers, body, isBase64Encoded: false },
      { getRemainingTimeInMillis: () => 28_000 },
    );
    response
      .writeHead(answered.statusCode ?? 500, answered.headers as Record<string, string>)
      .end(answered.body);
  });
}

const publish = (publisher: Publisher, signal?: AbortSignal): Promise<unknown> =>
  publisher.publish(Anything, 1, { source: '/test', id: 'e', ...(signal && { signal }) });

describe.each(TROUBLES)('while SNS answers with %s', (_, trouble) => {
  beforeEach(() => {
    answer = trouble;
  });

  it('a publisher to the topic sends four requests', async () => {
    await expect(publish(createPublisher({ topicArn: TOPIC }))).rejects.toMatchObject({
      name: 'PublishError',
      retryable: true,
    });
    expect(count.sns).toBe(4);
  });

  it('a publisher to the API sends four requests, and the function two to SNS for the first, one for the others', async () => {
    const publisher = createPublisher({ url: await serveApi(), clock: AT_ONCE });
    await expect(publish(publisher)).rejects.toMatchObject({ name: 'PublishError', retryable: true });
    expect(count).toMatchObject({ api: 4, sns: 5 });
  });

  it('the function sends four requests for a client that says nothing of trying again', async () => {
    const response = await fetch(`${await serveApi()}/events`, {
      method: 'POST',
      headers: { 'content-type': CLOUDEVENTS_JSON },
      body: JSON.stringify(event),
    });
    expect(response.status).toBe(503);
    expect(count).toMatchObject({ api: 1, sns: 4 });
  });

  it('a consumer sends four requests for what it emits, each time', async () => {
    expect(await topic().publish([event])).toMatchObject([{ status: 'failed', retryable: true }]);
    expect(count.sns).toBe(4);
  });
});

it('a request is sent once while all is well', async () => {
  answer = (response) =>
    response.end(
      partly
        .replace(
          '<Successful/>',
          '<Successful><member><Id>0</Id><MessageId>m</MessageId></member></Successful>',
        )
        .replace(/<Failed>.*<\/Failed>/, '<Failed/>'),
    );
  await publish(createPublisher({ url: await serveApi(), clock: AT_ONCE }));
  expect(count).toMatchObject({ api: 1, sns: 1 });
  await publish(createPublisher({ topicArn: TOPIC }));
  expect(count.sns).toBe(2);
});

describe('while SNS says nothing', () => {
  beforeEach(() => {
    answer = () => undefined;
  });

  it('a publisher to the topic gives up after four requests of five seconds, without anybody having to tell it', async () => {
    await expect(publish(createPublisher({ topicArn: TOPIC }))).rejects.toMatchObject({
      name: 'PublishError',
      retryable: true,
    });
    expect(count.sns).toBe(4);
  });

  it('a publisher to the API is answered each time, and sends no more than four requests', async () => {
    const publisher = createPublisher({ url: await serveApi(topic(200)), clock: AT_ONCE });
    await expect(publish(publisher)).rejects.toMatchObject({ name: 'PublishError', retryable: true });
    expect(count).toMatchObject({ api: 4, sns: 5 });
  });
});

describe('while the API itself is in trouble', () => {
  it.each([429, 500, 502, 503, 504])('a publisher sends four requests: %d', async (status) => {
    const url = await serve('api', (_, response) => response.writeHead(status).end());
    await expect(publish(createPublisher({ url, clock: AT_ONCE }))).rejects.toMatchObject({
      name: 'PublishError',
      retryable: true,
    });
    expect(count.api).toBe(4);
  });

  it.each([400, 401, 403, 413])('a publisher sends one request when it is refused: %d', async (status) => {
    const url = await serve('api', (_, response) => response.writeHead(status).end());
    await expect(publish(createPublisher({ url, clock: AT_ONCE }))).rejects.toMatchObject({
      name: 'PublishError',
    });
    expect(count.api).toBe(1);
  });
});

it('a publisher sends two requests in its minute when the API says nothing', async () => {
  let now = 0;
  const fetch = async (): Promise<never> => {
    count.api += 1;
    now += 31_000;
    throw new DOMException('no answer', 'TimeoutError');
  };
  const sleep = async (milliseconds: number): Promise<void> => {
    now += milliseconds;
  };
  const publisher = createPublisher({ url: 'http://127.0.0.1', fetch, clock: { now: () => now, sleep } });
  await expect(publish(publisher)).rejects.toMatchObject({ name: 'PublishError', retryable: true });
  expect(count.api).toBe(2);
});

describe('while S3 answers with 503', () => {
  const large = { ...event, data: 'x'.repeat(300_000) };
  const claimCheck = async (): Promise<TopicPublisher> => {
    const endpoint = await serve('s3', (request, response) => {
      request.resume().on('end', () => response.writeHead(503).end());
    });
    const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' });
    const bucket = createDataBucket({
      name: 'data',
      region: 'eu-west-1',
      credentials,
      endpoint,
      clock: AT_ONCE,
      random: () => 0,
    });
    return createClaimCheckPublisher(topic(), bucket);
  };

  it('the data of a large event is sent four times, and over HTTP five times', async () => {
    const publisher = await claimCheck();
    expect(await publisher.publish([large])).toMatchObject([
      { status: 'failed', code: 'LargeDataNotStored' },
    ]);
    expect(count).toMatchObject({ s3: 4, sns: 0 });
    const client = createPublisher({ url: await serveApi(publisher), clock: AT_ONCE, source: '/test' });
    await expect(client.publish(Anything, large.data)).rejects.toMatchObject({
      name: 'PublishError',
      retryable: true,
    });
    expect(count).toMatchObject({ s3: 9, api: 4, sns: 0 });
  });
});

it.each([['0'], ['5'], ['-1'], ['1e9'], ['many'], ['']])(
  'the function tries as often as ever when a client asks for %j tries',
  async (tries) => {
    answer = (response) => response.writeHead(503).end();
    await fetch(`${await serveApi()}/events`, {
      method: 'POST',
      headers: { 'content-type': CLOUDEVENTS_JSON, 'fanfare-tries': tries },
      body: JSON.stringify(event),
    });
    expect(count.sns).toBe(4);
  },
);
