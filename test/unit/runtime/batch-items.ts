import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import { readRecords } from '../../../lib/runtime/batch/read-records.ts';

const Asked = defineEvent({
  type: 'test.Asked',
  version: 1,
  description: 'Asked.',
  data: z.object({ n: z.int() }),
});
const ATTRIBUTES = {
  ApproximateReceiveCount: '1',
  SentTimestamp: '0',
  SenderId: 'x',
  ApproximateFirstReceiveTimestamp: '0',
};

/** The message of an event, as Lambda hands it over. */
export function recordOf(id: string, group?: string): SQSRecord {
  const event = { specversion: '1.0', id, source: '/test', type: 'test.Asked.v1', data: { n: 1 } };
  return {
    messageId: `message-${id}`,
    receiptHandle: `handle-${id}`,
    body: JSON.stringify(event),
    attributes: { ...ATTRIBUTES, ...(group !== undefined && { MessageGroupId: group }) },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:1:queue${group === undefined ? '' : '.fifo'}`,
    awsRegion: 'eu-west-1',
  };
}

/** The items of these messages, with whatever else the test says of each. */
export function jobsOf(records: readonly SQSRecord[], change: Partial<BatchItem> = {}): BatchItem[] {
  return readRecords(records, { name: 'tests', listensTo: [Asked], replay: 'allow' }).items.map((item) => ({
    ...item,
    ...change,
  }));
}
