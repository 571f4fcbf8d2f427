import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { eachRecord } from './each-record.ts';
import { work } from './work.ts';

/** The floor: no idempotency at all. */
export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return eachRecord(event, async ({ data }) => work(data));
}
