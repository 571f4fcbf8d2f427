import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { functionOf, run, writeAssembly } from './assembly.ts';

const echo = functionOf('exports.handler = async (event) => event');
const answer = functionOf(`exports.handler = async ({ queryStringParameters: { answer } }) => {
  if (answer === 'throw') throw new Error('secret');
  return JSON.parse(answer);
}`);
const notes: string[] = [];
let local: LocalStack;

const integration = (target: string): object => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: { Ref: 'Api' },
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
    IntegrationUri: { 'Fn::GetAtt': [target, 'Arn'] },
  },
});
const route = (RouteKey: string, target: string, properties: object = {}): object => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: { Ref: 'Api' },
    RouteKey,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: target }]] },
    ...properties,
  },
});

beforeAll(async () => {
  const assembly = writeAssembly({
    resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'Api' } },
      Echo: echo.resource,
      Answer: answer.resource,
      ToEcho: integration('Echo'),
      ToAnswer: integration('Answer'),
      Orders: route('POST /orders', 'ToEcho', { AuthorizationType: 'AWS_IAM' }),
      Order: route('GET /orders/{id}', 'ToEcho'),
      Answers: route('GET /answer', 'ToAnswer'),
      TooManyErrors: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/ApiGateway',
          MetricName: '5xx',
          Dimensions: [{ Name: 'ApiId', Value: { Ref: 'Api' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    outputs: { Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } },
    bundles: { ...echo.bundles, ...answer.bundles },
  });
  local = await run(assembly, { log: (line) => notes.push(line) });
});

const get = async (path: string) => {
  const response = await fetch(`${local.apiUrl}${path}`);
  return { status: response.status, headers: response.headers, body: await response.text() };
};
const answerOf = (value: unknown) => get(`/answer?answer=${encodeURIComponent(JSON.stringify(value))}`);
const post = async (body: string | Buffer, headers: Record<string, string>) => {
  const response = await fetch(`${local.apiUrl}/orders`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers,
  });
  return { status: response.status, body: await response.json() };
};
/** Sends headers as they are, each character a byte of UTF-8; fetch would put them right. */
const postRaw = async (headers: readonly string[], body: string) => {
  const { port } = new URL(local.apiUrl);
  const raw = headers.map((text) => Buffer.from(text).toString('latin1'));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(
      {
        host: '127.0.0.1',
        port,
        path: '/orders',
        method: 'POST',
        headers: ['Host', `127.0.0.1:${port}`, ...raw],
      },
      resolve,
    )
      .on('error', reject)
      .end(body);
  });
  return Object(await json(response));
};
/** Sends a path as it is; fetch would put it right. */
const getRaw = (path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: new URL(local.apiUrl).port, path }, resolve)
      .on('error', reject)
      .end();
  });

describe('a function behind the API', () => {
  it('gets a request in payload format 2.0', async () => {
    const response = await fetch(`${local.apiUrl}/orders/a%20b?x=1&x=2&y=`, {
      headers: { 'X-Custom': 'Yes', cookie: 'a=1; b=2', 'user-agent': 'test' },
    });
    expect(await response.json()).toEqual({
      version: '2.0',
      routeKey: 'GET /orders/{id}',
      rawPath: '/orders/a%20b',
      rawQueryString: 'x=1&x=2&y=',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({ 'x-custom': 'Yes', 'user-agent': 'test' }),
      queryStringParameters: { x: '1,2', y: '' },
      pathParameters: { id: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: new URL(local.apiUrl).host,
        domainPrefix: 'local',
        http: {
          method: 'GET',
          path: '/orders/a%20b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^[\da-f-]{36}$/),
        routeKey: 'GET /orders/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  it.each([
    'text/plain',
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/xml',
    'text/xml;a=b',
  ])('gets %s as text', async (type) => {
    const { body } = await post('{"sku":"käse"}', { 'content-type': type });
    expect(body).toMatchObject({ body: '{"sku":"käse"}', isBase64Encoded: false });
  });

  it.each([
    'application/cloudevents+json',
    'application/cloudevents-batch+json; charset=utf-8',
    'application/json-seq',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    '',
  ])('gets %j in base64, byte for byte', async (type) => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0x7d]);
    const { body } = await post(bytes, { 'content-type': type });
    expect(body).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });

  it('gets headers in lower case, repeated ones joined by commas, and each byte as a character', async () => {
    const event = await postRaw(
      ['X-Sku', 'a', 'x-sKU', 'b,c', 'Content-Type', 'text/plain', 'CE-Subject', 'Köln'],
      '',
    );
    expect(event.headers).toMatchObject({
      'x-sku': 'a,b,c',
      'ce-subject': Buffer.from('Köln').toString('latin1'),
    });
    expect(event).toMatchObject({ isBase64Encoded: false });
  });

  it.each([
    ['text/plain', 6_200_000, 200],
    ['application/cloudevents+json', 4_669_440, 200],
    ['application/cloudevents+json', 4_800_000, 413],
  ])('gets %s of %d bytes, or not: %d', async (type, bytes, status) => {
    // In base64 a body has a third more, and Lambda takes no more than before.
    expect((await post(Buffer.alloc(bytes, 'x'), { 'content-type': type })).status).toBe(status);
  });

  it('may answer with a status, headers, cookies and bytes', async () => {
    const { status, headers, body } = await answerOf({
      statusCode: 202,
      headers: { 'X-Own': 1, 'Content-Type': 'text/plain' },
      cookies: ['a=1', 'b=2'],
      body: 'aGk=',
      isBase64Encoded: true,
    });
    expect([status, headers.get('x-own'), headers.get('content-type'), body]).toEqual([
      202,
      '1',
      'text/plain',
      'hi',
    ]);
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('may answer with anything else, which is the body of a 200', async () => {
    const { status, headers, body } = await answerOf({ reserved: true });
    expect([status, headers.get('content-type'), body]).toEqual([
      200,
      'application/json',
      '{"reserved":true}',
    ]);
  });
});

describe('the API answers itself', () => {
  it.each(['/', '/orders', '/orders/a/b', '/nothing'])('404 at GET %s', async (path) => {
    const { status, body } = await get(path);
    expect([status, JSON.parse(body)]).toEqual([404, { message: 'Not Found' }]);
  });

  it.each([
    ['throws', 'throw'],
    ['answers with no status', '{"statusCode":"fine"}'],
    ['answers with a body that is no text', '{"statusCode":200,"body":{}}'],
    ['has a character in a header that is no byte', '{"statusCode":302,"headers":{"location":"/p/€"}}'],
    ['has a line break in a header', '{"statusCode":200,"headers":{"x":"a\\nset-cookie: b"}}'],
    ['has a space in the name of a header', '{"statusCode":200,"headers":{"a b":"c"}}'],
    ['has a line break in a cookie', '{"statusCode":200,"cookies":["a=1\\nb"]}'],
  ])('500 when the function %s, and keeps the reason to itself', async (_, what) => {
    const { status, body } = await get(`/answer?answer=${encodeURIComponent(what)}`);
    expect([status, JSON.parse(body)]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it.each([
    ['Lambda takes', 7 * 1024 * 1024],
    ['API Gateway takes', 11 * 1024 * 1024],
  ])('413 when the request is larger than %s', async (_, bytes) => {
    const { status, body } = await post('x'.repeat(bytes), { 'content-type': 'text/plain' });
    expect([status, body]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  it('200 to a path that is no valid percent-encoding', async () => {
    expect((await getRaw('/orders/%zz')).statusCode).toBe(200);
    expect((await getRaw('//orders')).statusCode).toBe(404);
  });
});

it('raises the alarm over its server errors', async () => {
  await get('/answer?answer=throw');
  local.alarms.evaluate();
  expect(local.alarms.alarms).toMatchObject([{ name: 'Shop-TooManyErrors', state: 'ALARM' }]);
  const list = await fetch(`${local.awsEndpoint}/_fanfare/alarms`);
  expect(await list.json()).toMatchObject([{ name: 'Shop-TooManyErrors', state: 'ALARM' }]);
});

it.each([
  [{}, 1],
  [{ AlarmNames: ['Shop-TooManyErrors'], StateValue: 'ALARM' }, 1],
  [{ AlarmNames: ['Shop-Other'] }, 0],
  [{ AlarmNamePrefix: 'Other' }, 0],
  [{ StateValue: 'OK' }, 0],
])('describes alarms as CloudWatch does: %j', async (request, count) => {
  const response = await fetch(local.awsEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms',
    },
    body: JSON.stringify(request),
  });
  const found = {
    AlarmName: 'Shop-TooManyErrors',
    StateValue: 'ALARM',
    StateReason: expect.stringMatching(/^5xx is \d+, the threshold is 0$/),
    StateUpdatedTimestamp: expect.any(Number),
    MetricName: '5xx',
    Threshold: 0,
  };
  expect(await response.json()).toMatchObject({ MetricAlarms: Array.from({ length: count }, () => found) });
});

it('says once that nobody is asked for credentials', () => {
  const note = 'POST /orders accepts calls of every program on this machine, without AWS_IAM.';
  expect(notes.filter((line) => line.includes('accepts calls'))).toEqual([note]);
});

it('names its own address in the outputs', () => {
  expect(local.stacks).toMatchObject([
    { name: 'Shop', tags: {}, terminationProtection: false, outputs: { Url: local.apiUrl } },
  ]);
});
