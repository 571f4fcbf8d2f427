import type { Message } from '@aws-sdk/client-sqs';
import { MAX_EVENT_BYTES } from '../aws-limits.ts';

/** Estimated size of the other fields that Lambda adds to each message. */
const RECORD_OVERHEAD_BYTES = 2 * 1024;

/** Splits a batch into parts that fit into one event of Lambda. */
export function splitBySize(batch: readonly Message[]): Message[][] {
  const parts: Message[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of batch) {
    const size = sizeOf(message);
    bytes += size;
    if (bytes > MAX_EVENT_BYTES) {
      parts.push([]);
      bytes = size;
    }
    parts.at(-1)?.push(message);
  }
  return parts;
}

/** Its size in the JSON of the event. The body is a string there, so escaped characters make it larger. */
function sizeOf({ Body = '', MessageAttributes = {} }: Message): number {
  const json = JSON.stringify(Body) + JSON.stringify(MessageAttributes);
  return Buffer.byteLength(json) + RECORD_OVERHEAD_BYTES;
}

/**
 * The ids of the failed messages of a batch, read from the function's result. Without `batchItemFailures`, or with an empty list, none has
 * failed. With a result that Lambda cannot read, or with an unknown id, all have failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedIds(answer: unknown, batch: readonly Message[]): ReadonlySet<string> {
  const all = new Set(batch.map(({ MessageId = '' }) => MessageId));
  const failures = (answer as { readonly batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = failures.map(
    (failure: { readonly itemIdentifier?: unknown } | null) => failure?.itemIdentifier,
  );
  const known = ids.filter((id): id is string => typeof id === 'string' && all.has(id));
  return known.length === ids.length ? new Set(known) : all;
}
