import { type IncomingMessage, request } from 'node:http';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveFeed } from '../../../lib/console/live-feed.ts';
import { startConsole } from '../../../lib/console/start-console.ts';
import { createClients } from '../../../lib/local/engines/clients.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { functionOf, idOf, run, writeAssembly } from './assembly.ts';

let local: LocalStack;
let ports: Record<(typeof DOORS)[number], number>;

/** Everything that listens here. */
const DOORS = ['api', 'aws', 'dynamodb', 'faults', 'console'] as const;

beforeAll(async () => {
  const echo = functionOf('exports.handler = async () => "done"');
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: 'ToEcho' }]] };
  const assembly = writeAssembly({
    resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Echo: echo.resource,
      ToEcho: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationUri: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
      },
      Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: '$default', Target } },
      Queue: { Type: 'AWS::SQS::Queue' },
      Topic: { Type: 'AWS::SNS::Topic' },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          RawMessageDelivery: true,
        },
      },
    },
    bundles: { ...echo.bundles },
  });
  local = await run(assembly);
  const live = new LiveFeed({
    intervalMs: 1_000,
    readStatus: () => Promise.reject(new Error('nothing is here')),
    tail: async () => undefined,
  });
  const pages = await startConsole({ port: 0, actions: [], live, meta: {} });
  await local.faults.set('Shop-Echo', 'slow');
  const [echoFunction] = [...local.functions.values()];
  const portOf = (url = ''): number => Number(new URL(url).port);
  ports = {
    api: portOf(local.apiUrl),
    aws: portOf(local.awsEndpoint),
    dynamodb: portOf(local.dynamodbEndpoint),
    faults: portOf(echoFunction?.configuration.environment.AWS_ENDPOINT_URL_SNS),
    console: portOf(pages.url),
  };
  return async () => {
    await pages.stop();
  };
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks as a browser might, with headers that fetch would not let a test set. */
function ask(
  port: number,
  { method = 'GET', path = '/', headers, body = '' }: Asked,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-length': Buffer.byteLength(body) };
    request({ host: '127.0.0.1', port, method, path, headers: all, agent: false }, (answer) => {
      answer.resume();
      resolve(answer);
    })
      .on('error', reject)
      .end(body);
  });
}
/** 0 is a connection that ends without an answer. */
const statusOf = (port: number, asked: Asked) =>
  ask(port, asked).then(
    ({ statusCode }) => statusCode,
    () => 0,
  );

const publishForm = () =>
  new URLSearchParams({ Action: 'Publish', TopicArn: idOf(local, 'Topic'), Message: 'forged' }).toString();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe.each(DOORS)('the port of %s', (door) => {
  const refused = door === 'faults' ? 0 : 403;
  const path = door === 'faults' ? '/Shop-Echo/aws/' : '/';

  it.each([
    ['a name that leads here', { host: 'evil.example' }],
    ['a name that leads here, with the port', { host: 'evil.example:4566' }],
    ['a name that ends like one of this machine', { host: 'localhost.evil.example' }],
    ['a name that begins like one of this machine', { host: '127.0.0.1.evil.example' }],
    ['an address of the network', { host: '192.168.0.7:3000' }],
    ['an origin elsewhere', { origin: 'https://evil.example' }],
    ['an origin without a name', { origin: 'null' }],
    ['an origin on another port of this machine', { origin: 'http://localhost:5173' }],
    ['no origin, for an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a link on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    [
      'a link on another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    [
      'a frame on another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
  ])('refuses a page with %s, whatever it asks', async (_, headers) => {
    const port = ports[door];
    const host = `127.0.0.1:${port}`;
    for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) {
      const asked = { method, path, headers: { host, ...FORM, ...headers }, body: publishForm() };
      expect([method, await statusOf(port, asked)]).toEqual([method, refused]);
    }
  });

  it('opens itself to no page by a CORS header', async () => {
    const port = ports[door];
    for (const origin of [undefined, `http://127.0.0.1:${port}`]) {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { host: `127.0.0.1:${port}`, ...(origin !== undefined && { origin }) };
        const answer = await ask(port, { method, path, headers }).catch(() => undefined);
        expect(answer?.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  });
});

it.each(['api', 'aws', 'dynamodb', 'console'] as const)(
  'the port of %s answers its own pages, and those who type its address',
  async (door) => {
    const port = ports[door];
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const host = `${name}:${port}`;
      const ways: Record<string, string>[] = [
        { host },
        { host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
        { host, 'sec-fetch-site': 'same-origin', origin: `http://${host.toLowerCase()}` },
      ];
      for (const headers of ways) expect(await statusOf(port, { headers })).not.toBe(403);
    }
  },
);

it('a form of a page elsewhere has published nothing', async () => {
  const headers = { host: `127.0.0.1:${ports.aws}`, origin: 'https://evil.example', ...FORM };
  expect(await statusOf(ports.aws, { method: 'POST', headers, body: publishForm() })).toBe(403);
  const { Messages = [] } = await local.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: idOf(local, 'Queue'), WaitTimeSeconds: 0 }),
  );
  expect(Messages).toEqual([]);
});

describe('SDKs go on working', () => {
  it.each(['127.0.0.1', 'localhost'])('at %s', async (name) => {
    const at = (url: string): string => url.replace('127.0.0.1', name);
    const clients = createClients({
      region: 'us-east-1',
      aws: at(local.awsEndpoint),
      dynamodb: at(local.dynamodbEndpoint),
    });
    await clients.sns.send(new ListTopicsCommand());
    await clients.sqs.send(new ListQueuesCommand());
    await clients.dynamodb.send(new ListTablesCommand());
    for (const forcePathStyle of [true, false]) {
      // 127.0.0.1 has no names below it, so that the SDK puts the bucket into the path by itself.
      const s3 = new S3Client({
        endpoint: at(local.awsEndpoint),
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        forcePathStyle,
      });
      // Not every resolver leads `bucket.localhost` to this machine.
      s3.middlewareStack.add(
        (next) => (args) => {
          Object.assign(args.request as object, { hostname: '127.0.0.1' });
          return next(args);
        },
        { step: 'finalizeRequest', name: 'here', priority: 'low' },
      );
      const put = new PutObjectCommand({ Bucket: idOf(local, 'Bucket'), Key: 'a', Body: 'x' });
      expect((await s3.send(put)).$metadata.httpStatusCode).toBe(200);
      s3.destroy();
    }
    const headers = { host: `${idOf(local, 'Bucket')}.localhost:${ports.aws}` };
    expect(await statusOf(ports.aws, { path: '/a', headers })).toBe(200);
  });
});
