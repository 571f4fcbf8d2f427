import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { functionOf, run, writeAssembly } from './assembly.ts';

let local: LocalStack;

beforeAll(async () => {
  const echo = functionOf('exports.handler = async (event) => event');
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: 'ToEcho' }]] };
  const assembly = writeAssembly({
    resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Echo: echo.resource,
      ToEcho: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationUri: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
      },
      Orders: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'POST /orders', Target } },
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
    bundles: { ...echo.bundles },
  });
  local = await run(assembly);
});

/** Sends bytes as they are, and hangs up after the answer, or at once when none is waited for. */
function sendRaw(text: string, waits = false): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(local.apiUrl).port), '127.0.0.1', () => {
      socket.write(text, () => {
        if (!waits) setTimeout(() => socket.destroy(), 100);
      });
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (waits) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => undefined);
  });
}

/** How many server errors the API's alarm has seen since the last look, once nothing is under way. */
async function newServerErrors(): Promise<number> {
  await sleep(100);
  const { serverErrors } = local.api;
  const found = serverErrors - seen;
  seen = serverErrors;
  return found;
}
let seen = 0;

describe('the alarm over server errors stays off when the client is at fault', () => {
  const warnings: Error[] = [];
  beforeEach(() => {
    warnings.length = 0;
    process.on('warning', (warning) => warnings.push(warning));
  });

  it.each([
    ['breaks its upload off', 'POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf'],
    ['breaks off to nowhere', 'POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf'],
    ['breaks off before the body', 'POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n'],
    [
      'breaks off in a chunk',
      'POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe',
    ],
    [
      'sends no chunk where one is due',
      'POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    ],
  ])('and %s', async (_, text) => {
    await sendRaw(text);
    expect(await newServerErrors()).toBe(0);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
    ['a whole address', 'GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
  ])('and asks for %s', async (_, text, status) => {
    expect(await sendRaw(text, true)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await newServerErrors()).toBe(0);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])(
    'and asks for /docs/assets/%s, which is a 404',
    async (name) => {
      // fetch would put some of these paths right.
      const status = await new Promise((resolve, reject) => {
        request(`${local.apiUrl}/docs/assets/${name}`, ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end();
      });
      expect(status).toBe(404);
      expect(await newServerErrors()).toBe(0);
    },
  );
});

it('the alarm is off after all of that', () => {
  local.alarms.evaluate();
  expect(local.alarms.alarms).toMatchObject([{ state: 'OK' }]);
});

it.each(['constructor', '__proto__', 'toString', 'valueOf'])(
  'CloudWatch has no metric in the namespace %s',
  async (Namespace) => {
    const Metric = { Namespace, MetricName: 'Errors', Dimensions: [{ Name: 'Name', Value: 'x' }] };
    const response = await fetch(local.awsEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
      },
      body: JSON.stringify({ MetricDataQueries: [{ Id: 'a', MetricStat: { Metric } }] }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ MetricDataResults: [{ Id: 'a', Values: [] }] });
  },
);
