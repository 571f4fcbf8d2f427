import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { functionOf, idOf, run, writeAssembly } from './assembly.ts';

const JSON_1_0 = 'application/x-amz-json-1.0';
const JSON_1_1 = 'application/x-amz-json-1.1';

/** The content type with which each operation is called. */
const OPERATIONS = {
  'AmazonSQS.SendMessage': JSON_1_0,
  'AmazonSQS.StartMessageMoveTask': JSON_1_0,
  'AWSStepFunctions.StartExecution': JSON_1_0,
  'GraniteServiceVersion20100801.DescribeAlarms': JSON_1_0,
  'GraniteServiceVersion20100801.PutMetricAlarm': JSON_1_0,
  'GraniteServiceVersion20100801.DeleteAlarms': JSON_1_0,
  'GraniteServiceVersion20100801.GetMetricData': JSON_1_0,
  'AmazonSSM.GetParameter': JSON_1_1,
  'AmazonSSM.GetParametersByPath': JSON_1_1,
  'secretsmanager.GetSecretValue': JSON_1_1,
  'AWSEvents.PutEvents': JSON_1_1,
  'TrentService.DescribeKey': JSON_1_1,
} as const;

let local: LocalStack;
beforeAll(async () => {
  const { resource, bundles } = functionOf('exports.handler = async (event) => ({ got: event });');
  const key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } };
  local = await run(writeAssembly({ resources: { Function: resource, Key: key }, bundles: { ...bundles } }));
});

interface Answer {
  readonly status: number;
  readonly error: string | null;
  readonly type: string | null;
  readonly body: unknown;
}

async function send(
  path: string,
  method: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const answer = await fetch(`${local.awsEndpoint}${path}`, { method, headers, body });
  const text = await answer.text();
  return {
    status: answer.status,
    error: answer.headers.get('x-amzn-errortype'),
    type: answer.headers.get('content-type'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}
const call = (target: string, body: string, type: string = JSON_1_0) =>
  send('/', 'POST', body, { 'x-amz-target': target, 'content-type': type });
const put = (path: string, method: string, body: string) =>
  send(path, method, body, { 'content-type': 'application/json' });

describe.each(Object.entries(OPERATIONS))('%s is answered with 400', (target, type) => {
  it.each(['{bad', 'null', '[]', '"text"'])('for the body %s', async (body) => {
    expect(await call(target, body, type)).toMatchObject({
      status: 400,
      error: 'SerializationException',
      type: expect.stringContaining(type),
      body: { __type: 'SerializationException', message: expect.stringContaining('JSON') },
    });
  });
});

it.each<[string, object, string, string?]>([
  ['AmazonSQS.SendMessage', { QueueUrl: 5 }, 'QueueUrl of the request is no string'],
  [
    'AmazonSQS.SendMessageBatch',
    { Entries: [{ Id: 'a', MessageBody: 5 }] },
    'MessageBody of Entries of the request[0] is no string',
  ],
  ['AmazonSQS.StartMessageMoveTask', { SourceArn: 5 }, 'SourceArn of the request is no string'],
  ['AmazonSQS.ListMessageMoveTasks', { MaxResults: '5' }, 'MaxResults of the request is no number'],
  ['AWSStepFunctions.StartExecution', { name: {} }, 'name of the request is no string'],
  [
    'GraniteServiceVersion20100801.DescribeAlarms',
    { AlarmNames: 'a' },
    'AlarmNames of the request is no list',
  ],
  [
    'GraniteServiceVersion20100801.GetMetricData',
    { MetricDataQueries: [{ Id: 'a', MetricStat: [] }] },
    'MetricStat of MetricDataQueries of the request[0] is no JSON object',
  ],
  ['AmazonSSM.GetParametersByPath', { Recursive: 'yes' }, 'Recursive of the request is no boolean', JSON_1_1],
  ['AWSEvents.PutEvents', { Entries: [null] }, 'Entries of the request[0] is no JSON object', JSON_1_1],
  [
    'AWSEvents.PutEvents',
    { Entries: [{ Detail: {} }] },
    'Detail of Entries of the request[0] is no string',
    JSON_1_1,
  ],
])('%s says which member of %j is wrong', async (target, body, message, type) => {
  expect(await call(target, JSON.stringify(body), type)).toMatchObject({
    status: 400,
    body: { __type: 'SerializationException', message },
  });
});

it('a member that is null counts as left out', async () => {
  const asked = JSON.stringify({ AlarmNames: null, StateValue: null });
  expect(await call('GraniteServiceVersion20100801.DescribeAlarms', asked)).toMatchObject({
    status: 200,
    body: { MetricAlarms: [] },
  });
});

it('an alarm without a name is refused', async () => {
  expect(await call('GraniteServiceVersion20100801.PutMetricAlarm', '{}')).toMatchObject({
    status: 400,
    body: { __type: 'ValidationError', message: 'AlarmName is missing' },
  });
});

it('a policy of a key that is no JSON is refused', async () => {
  const asked = JSON.stringify({ KeyId: idOf(local, 'Key'), Policy: '{bad' });
  expect(await call('TrentService.PutKeyPolicy', asked, JSON_1_1)).toMatchObject({
    status: 400,
    body: { __type: 'MalformedPolicyDocumentException' },
  });
});

it.each(['{bad', 'null', '5'])('SES and EventBridge Scheduler refuse the body %s', async (body) => {
  const unreadable = {
    status: 400,
    error: 'SerializationException',
    type: expect.stringMatching(/^application\/json/),
  };
  expect(await put('/v2/email/outbound-emails', 'POST', body)).toMatchObject(unreadable);
  expect(await put('/schedules/one', 'POST', body)).toMatchObject(unreadable);
  expect(await put('/schedules/one', 'PUT', body)).toMatchObject(unreadable);
});

describe('Lambda', () => {
  it.each(['{bad', 'null', '5'])('refuses %s as the configuration of a function', async (body) => {
    const path = `/2015-03-31/functions/${idOf(local, 'Function')}/configuration`;
    expect(await put(path, 'PUT', body)).toMatchObject({
      status: 400,
      error: 'InvalidRequestContentException',
    });
  });

  it('invokes a function with any JSON, and refuses what is none', async () => {
    const path = `/2015-03-31/functions/${idOf(local, 'Function')}/invocations`;
    expect(await put(path, 'POST', '[1]')).toMatchObject({ status: 200, body: { got: [1] } });
    expect(await put(path, 'POST', 'null')).toMatchObject({ status: 200, body: { got: null } });
    expect(await put(path, 'POST', '{bad')).toMatchObject({
      status: 400,
      error: 'InvalidRequestContentException',
    });
  });
});

it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])(
  '%s is no operation of any service',
  async (name) => {
    expect(await call(name, '{"a":1}')).toMatchObject({
      status: 400,
      body: { __type: 'com.amazonaws.sqs#InvalidAction', message: `Unknown action: ${name}` },
    });
    expect((await call(name, '{"a":1}', JSON_1_1)).status).toBe(400);
  },
);
