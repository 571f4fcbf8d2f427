import type { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createBuryUnreadable } from '../../../lib/archive/write/bury-unreadable.ts';
import { recordOf } from '../publish/record-of.ts';

const GOES_ON = new AbortController().signal;

function unreadable(messageId: string, change: Partial<SQSRecord> = {}) {
  return {
    record: { ...recordOf('no event'), messageId, ...change },
    error: new TypeError('it is no event'),
  };
}

/** A dead-letter queue that takes some entries of a request. */
function queueThat(takes: (command: SendMessageBatchCommand) => object | Error) {
  const requests: SendMessageBatchCommand['input'][] = [];
  const sqs = {
    send: async (command: SendMessageBatchCommand) => {
      requests.push(command.input);
      const answer = takes(command);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const bury = createBuryUnreadable({ sqs, queueUrl: 'dead', clock: { now: () => 0 } });
  return { bury, requests };
}

const all = ({ input: { Entries = [] } }: SendMessageBatchCommand) => ({
  Successful: Entries.map(({ Id }) => ({ Id })),
});

it('sends ten at once, with the reason', async () => {
  const { bury, requests } = queueThat(all);
  const refused = await bury(
    Array.from({ length: 12 }, (_, index) => unreadable(`m${index}`)),
    GOES_ON,
  );
  expect(refused.size).toBe(0);
  expect(requests.map(({ Entries = [] }) => Entries.length)).toEqual([10, 2]);
  expect(requests[0]).toMatchObject({ QueueUrl: 'dead' });
  expect(requests[0]?.Entries?.[0]).toEqual({
    Id: '0',
    MessageBody: 'no event',
    MessageAttributes: {
      errorName: { DataType: 'String', StringValue: 'TypeError' },
      errorMessage: { DataType: 'String', StringValue: 'it is no event' },
      failedAt: { DataType: 'String', StringValue: '1970-01-01T00:00:00.000Z' },
      receiveCount: { DataType: 'Number', StringValue: '1' },
    },
  });
});

it('sends once what a FIFO queue has given twice, in its group', async () => {
  const { bury, requests } = queueThat(all);
  const { attributes } = recordOf('');
  const change = { eventSourceARN: 'q.fifo', attributes: { ...attributes, MessageGroupId: 'g' } };
  await bury([unreadable('m', change)], GOES_ON);
  expect(requests[0]?.Entries?.[0]).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'm' });
});

it('sends no more bytes at once than SQS takes', async () => {
  const { bury, requests } = queueThat(all);
  const body = 'x'.repeat(400_000);
  await bury([unreadable('a', { body }), unreadable('b', { body }), unreadable('c', { body })], GOES_ON);
  expect(requests.map(({ Entries = [] }) => Entries.length)).toEqual([2, 1]);
});

it('names what the queue has not taken, and why', async () => {
  const { bury } = queueThat(() => ({
    Successful: [{ Id: '0' }],
    Failed: [{ Id: '1', Code: 'InternalError', Message: 'try again' }],
  }));
  const refused = await bury([unreadable('a'), unreadable('b'), unreadable('c')], GOES_ON);
  expect([...refused]).toEqual([
    ['b', new Error('InternalError: try again')],
    ['c', new Error('NoAnswer: the answer of SQS does not mention it')],
  ]);
});

it('sends nothing more when the time is over', async () => {
  const time = new AbortController();
  const { bury, requests } = queueThat(() => {
    time.abort(new Error('no time'));
    return new Error('no time');
  });
  const messages = Array.from({ length: 12 }, (_, index) => unreadable(`m${index}`));
  expect((await bury(messages, time.signal)).size).toBe(12);
  expect(requests).toHaveLength(1);
});

it('names all of a request that fails', async () => {
  const { bury } = queueThat(() => new Error('SQS answers 503'));
  expect([...(await bury([unreadable('a')], GOES_ON))]).toEqual([['a', new Error('SQS answers 503')]]);
});
