import { describe, expect, it } from 'vitest';
import { failedIds, splitBySize } from '../../../lib/local/event-sources/sqs-batch.ts';
import { sqsRecord } from '../../../lib/local/event-sources/sqs-record.ts';
import { embeddedMetrics } from '../../../lib/local/functions/embedded-metrics.ts';
import { matchRoute, specificity } from '../../../lib/local/http/routes.ts';

const batch = [{ MessageId: 'a' }, { MessageId: 'b' }];

describe('failedIds, as Lambda reads the answer of a function', () => {
  it.each([
    ['no answer', undefined, []],
    ['null', null, []],
    ['no list', {}, []],
    ['null for the list', { batchItemFailures: null }, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['one failure', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'x' }] }, ['a', 'b']],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
    ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }, ['a', 'b']],
    ['a misspelt key', { batchItemFailures: [{ itemIdentifer: 'a' }] }, ['a', 'b']],
    ['something that is no list', { batchItemFailures: 'a' }, ['a', 'b']],
  ])('%s', (_, answer, expected) => {
    expect([...failedIds(answer, batch)]).toEqual(expected);
  });
});

describe('matchRoute', () => {
  it.each([
    ['POST /events', 'POST', '/events', {}],
    ['POST /events', 'GET', '/events', undefined],
    ['POST /events', 'POST', '/events/1', undefined],
    ['ANY /orders/{id}', 'PUT', '/orders/a%20b', { id: 'a b' }],
    ['GET /files/{path+}', 'GET', '/files/a/b', { path: 'a/b' }],
    ['GET /a.b', 'GET', '/axb', undefined],
    ['$default', 'GET', '/whatever', {}],
  ])('%s with %s %s', (key, method, path, expected) => {
    expect(matchRoute(key, method, path)).toEqual(expected);
  });
});

it('takes the closest of the routes that fit, as API Gateway does', () => {
  const keys = [
    '$default',
    'ANY /{all+}',
    'GET /{all+}',
    'ANY /a/{id}',
    'GET /a/{id}',
    'ANY /a/b',
    'GET /a/b',
  ];
  expect(keys.toSorted((a, b) => specificity(a) - specificity(b))).toEqual(keys);
});

describe('splitBySize, for what one event may hold', () => {
  const messageOf = (bytes: number) => ({ MessageId: String(bytes), Body: 'x'.repeat(bytes) });
  const sizesOf = (...bytes: number[]) => splitBySize(bytes.map(messageOf)).map((part) => part.length);

  it('leaves what fits whole, and nothing as it is', () => {
    expect([sizesOf(1, 2, 3), sizesOf()]).toEqual([[3], []]);
  });

  it('makes two of ten messages of a megabyte', () => {
    expect(sizesOf(...Array.from({ length: 10 }, () => 1024 * 1024))).toEqual([5, 5]);
  });

  it('counts a body as it is in the event, where quotation marks are escaped', () => {
    const quoted = { Body: '"'.repeat(2 * 1024 * 1024) };
    expect(splitBySize([quoted, quoted]).map((part) => part.length)).toEqual([1, 1]);
  });
});

describe('embeddedMetrics', () => {
  it('adds up values and lists of values', () => {
    const line = JSON.stringify({
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'processed' }, { Name: 'age' }] }] },
      processed: 3,
      age: [1, 2],
    });
    expect(embeddedMetrics(line)).toEqual([
      ['processed', 3],
      ['age', 3],
    ]);
  });

  it('counts only numbers', () => {
    const _aws = { CloudWatchMetrics: [{ Metrics: [{ Name: 'odd' }] }] };
    expect(embeddedMetrics(JSON.stringify({ _aws, odd: [2, '3', { valueOf: 1, toString: 1 }] }))).toEqual([
      ['odd', 2],
    ]);
  });

  it.each([
    'plain text',
    '{"message":"no metrics"}',
    '{"_aws": broken',
    '{"_aws":null}',
    '{"_aws":{"CloudWatchMetrics":1}}',
    '{"_aws":{"CloudWatchMetrics":[null,{"Metrics":3},{"Metrics":[null,{"Name":7}]}]}}',
    '["_aws"]',
  ])('finds none in %s', (line) => {
    expect(embeddedMetrics(line)).toEqual([]);
  });
});

it('hands a message to a function in the shape that Lambda does', () => {
  const message = {
    MessageId: 'a',
    ReceiptHandle: 'h',
    Body: '{}',
    MD5OfBody: 'm',
    Attributes: { ApproximateReceiveCount: '1' },
    MessageAttributes: { type: { DataType: 'String', StringValue: 'x' } },
  };
  expect(sqsRecord(message, { queueArn: 'arn:q', region: 'eu-west-1' })).toEqual({
    messageId: 'a',
    receiptHandle: 'h',
    body: '{}',
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {
      type: {
        stringValue: 'x',
        binaryValue: undefined,
        stringListValues: [],
        binaryListValues: [],
        dataType: 'String',
      },
    },
    md5OfBody: 'm',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:q',
    awsRegion: 'eu-west-1',
  });
});
