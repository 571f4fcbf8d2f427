import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { BatchExecuteStatementCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createArchiveClient } from '../../lib/archive/read/s3-archive-store.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { refusePlainHttp } from '../../lib/aws/plain-http.ts';
import { createSnsClient, createSqsClient } from '../../lib/aws/sns-client.ts';
import { createStatementClient } from '../../lib/aws/statement-client.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import { createAuthorize } from '../../lib/publishing/client/authorize.ts';
import { createPublisher, type PublisherProps } from '../../lib/publishing/client/create-publisher.ts';
import { createDataBucket } from '../../lib/publishing/large-data/data-bucket.ts';
import { OrderPlaced } from '../apps/orders/events/index.ts';

/** Somebody who listens on plain http: 0.0.0.0 leads here, and is no name of the loopback interface. */
const heard: IncomingHttpHeaders[] = [];
const listener = createServer((request, response) => {
  heard.push(request.headers);
  request.resume();
  response.writeHead(400).end('{}');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  address = `http://0.0.0.0:${(listener.address() as AddressInfo).port}`;
});
afterAll(() => {
  listener.closeAllConnections();
  listener.close();
});
beforeEach(() => {
  heard.length = 0;
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  vi.stubEnv('AWS_ENDPOINT_URL', address);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const REFUSED = /credentials are not sent to http:\/\/0\.0\.0\.0, where others can read them; use https/;
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const data = {
  orderId: 'order-1',
  customerId: 'customer-1',
  email: 'ada@example.com',
  currency: 'EUR',
  totalMinor: 1,
  lines: [{ sku: 'beans', quantity: 1 }],
};
const publish = async (props: PublisherProps): Promise<unknown> =>
  createPublisher({ source: '/test', ...props }).publish(OrderPlaced, data);

describe('a publisher that is given a plain http address', () => {
  it.each([
    ['a token', { bearerToken: () => 'jwt' }],
    ['session credentials', { credentials }],
    ['credentials that are asked for', { credentials: async () => credentials }],
    [
      'long-lived credentials, whose signature could be sent again',
      { credentials: { ...credentials, sessionToken: undefined } },
    ],
    ['the credentials that the SDK finds', {}],
  ] as const)('sends no %s', async (_, props) => {
    await expect(publish({ url: address, ...props } as PublisherProps)).rejects.toThrow(REFUSED);
    expect(heard).toEqual([]);
  });

  it('sends the event when it is told to send no credentials with it', async () => {
    await expect(publish({ url: address, credentials: false })).rejects.toThrow();
    expect(heard).toHaveLength(1);
    expect(heard[0]).not.toHaveProperty('authorization');
  });

  it.each([
    'http://events.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'http://169.254.169.254',
    'http://[::ffff:127.0.0.1]',
    'http://10.0.0.1',
    'ftp://127.0.0.1',
    'ws://events.example.com',
  ])('takes %s for what it is', (url) => {
    const bearerToken = (): string => 'jwt';
    expect(() => createAuthorize(new URL(url), { bearerToken })).toThrow('credentials are not sent to');
  });

  it.each(['https://events.example.com', 'http://127.0.0.1:3000', 'http://127.1', 'http://[::1]:3000'])(
    'goes on to send them to %s',
    async (address_) => {
      const url = new URL(address_);
      const authorize = createAuthorize(url, { bearerToken: () => 'jwt' });
      expect(await authorize({ url, headers: {}, body: '' })).toEqual({ authorization: 'Bearer jwt' });
    },
  );

  it('says so on the command line', async () => {
    const args = [
      'lib/cli/fanfare.ts',
      'publish',
      'shop.OrderPlaced',
      '--data',
      '{}',
      '--token',
      'jwt',
      '--url',
      address,
    ];
    const ended = promisify(execFile)(process.execPath, args);
    await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(REFUSED) });
    expect(heard).toEqual([]);
  });
});

const ops = () => createOpsClients({ kind: 'aws' });
const statement = new BatchExecuteStatementCommand({ Statements: [{ Statement: 'SELECT * FROM "a"' }] });
const bucket = () =>
  createDataBucket({
    name: 'bucket',
    region: 'eu-west-1',
    credentials: async () => credentials,
    endpoint: address,
    clock: systemClock,
    random: () => 0,
  });
const clients: Readonly<Record<string, () => Promise<unknown>>> = {
  "an operator's CloudFormation": () => ops().cloudFormation.send(new DescribeStacksCommand()),
  "an operator's CloudWatch": () => ops().cloudWatch.send(new DescribeAlarmsCommand()),
  "an operator's SNS": () => ops().sns.send(new ListTopicsCommand()),
  "an operator's SQS": () => ops().sqs.send(new ListQueuesCommand()),
  "an operator's S3": async () => (await ops().s3()).send(new ListBucketsCommand()),
  "an operator's DynamoDB": () => ops().dynamodb.send(new ListTablesCommand()),
  'a publisher to the topic': () => publish({ topicArn: 'arn:aws:sns:eu-west-1:111122223333:bus' }),
  "a function's SNS": () => createSnsClient().send(new ListTopicsCommand()),
  "a function's SQS": () => createSqsClient().send(new ListQueuesCommand()),
  "a function's S3": () => createArchiveClient().send(new ListBucketsCommand()),
  "a function's DynamoDB": () => createStatementClient().send(statement),
  'the data bucket': () => bucket().put('key', 'text'),
};

describe('an endpoint on plain http, by the environment', () => {
  it.each(Object.entries(clients))('gets no session credentials from %s', async (_, send) => {
    await expect(send()).rejects.toThrow(/credentials are not sent to http:\/\/0\.0\.0\.0/);
    expect(heard).toEqual([]);
  });

  it('gets signatures with long-lived keys, as emulators of AWS in containers do', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    await expect(ops().dynamodb.send(new ListTablesCommand())).rejects.not.toThrow(REFUSED);
    expect(heard).not.toEqual([]);
  });
});

it('headers that only a later part of a client adds are looked at as well', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', '');
  const { sns } = ops();
  sns.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amz-security-token'] = 'session';
      return next(args);
    },
    { step: 'finalizeRequest', name: 'late' },
  );
  await expect(sns.send(new ListTopicsCommand())).rejects.toThrow(REFUSED);
  expect(heard).toEqual([]);
});

it.each<[Record<string, string>, boolean]>([
  [{ 'X-Amz-Security-Token': 'session' }, true],
  [{ Authorization: 'bearer jwt' }, true],
  [{ Authorization: 'AWS4-HMAC-SHA256 Credential=…' }, false],
  [{ 'x-other': 'bearer jwt' }, false],
])('whatever the case of its name, of the headers %j is refused: %s', (headers, refused) => {
  const send = (hostname: string) => () => refusePlainHttp({ protocol: 'http:', hostname }, headers);
  if (refused) expect(send('10.0.0.1')).toThrow('use https');
  else expect(send('10.0.0.1')).not.toThrow();
  expect(send('127.0.0.1')).not.toThrow();
});

it('every client of the SDK in the sources has the guard, or is for this machine only', () => {
  const unguarded = globSync('{bin/!(demo),lib,lambdas}/**/*.ts').filter((file) => {
    const source = readFileSync(file, 'utf8');
    return /new \w+Client\(/.test(source) && !/plainHttpGuard|createRequestHandler/.test(source);
  });
  expect(unguarded.toSorted()).toEqual(['lib/local/engines/clients.ts']);
});
