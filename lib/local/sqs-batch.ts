import type { Message } from '@aws-sdk/client-sqs';

/**
 * What a function takes as an event: 6 MB. A part of it is left for what Lambda puts around the messages.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const RECORD_OVERHEAD_BYTES = 2 * 1024;

/** Cuts a batch where its messages would be more than one event may hold. */
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

/** As JSON in an event: the body is text within text, and grows by what has to be escaped. */
function sizeOf({ Body = '', MessageAttributes = {} }: Message): number {
  const json = JSON.stringify(Body) + JSON.stringify(MessageAttributes);
  return Buffer.byteLength(json) + RECORD_OVERHEAD_BYTES;
}

/**
 * Which messages of a batch have failed, by the function's answer. An answer that Lambda cannot make sense of fails
 * them all; no answer, or an empty list, fails none.
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
