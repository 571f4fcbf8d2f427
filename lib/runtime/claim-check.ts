import type { Envelope } from '../contracts/envelope.ts';
import { largeDataKey, withoutLargeData } from '../contracts/large-data.ts';
import { MAX_REQUEST_BYTES } from '../contracts/request-limits.ts';
import type { DataBucket } from './data-bucket.ts';
import { contentOf } from './idempotency/content.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';
import type { PublishOptions, PublishOutcome, TopicPublisher } from './publisher.ts';
import { sha256 } from './signature.ts';

/**
 * A publisher that takes events which are too large for a message: it puts their data into the bucket of the bus first,
 * and publishes them with a link to it (the claim check pattern). The consumers' runtime puts the data back.
 *
 * The key is made of the event's type, its identity and its data, so that a repeated event writes the same object again, and one
 * with other data under the same identity another one.
 */
export function createClaimCheckPublisher(publisher: TopicPublisher, bucket: DataBucket): TopicPublisher {
  return {
    maxEventBytes: MAX_REQUEST_BYTES,
    publish: async (events, options = {}) => {
      const checked = await Promise.allSettled(events.map((event) => checkIn(event, bucket, options)));
      const stored = checked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      if (stored.length === events.length) return publisher.publish(stored, options);
      // None is sent when one cannot be: to a FIFO topic the later ones would overtake it.
      return checked.map((one) => (one.status === 'fulfilled' ? NOT_SENT : notStored(one.reason)));
    },
  };
}

const NOT_SENT: PublishOutcome = {
  status: 'failed',
  code: 'NotSent',
  message: 'the data of another event of the request could not be stored',
  retryable: true,
};

/** The event as it fits into a message. @throws Error when its data cannot be stored */
async function checkIn(event: Envelope, bucket: DataBucket, options: PublishOptions): Promise<Envelope> {
  if (event.data === undefined || entryBytes(entryOf(event, 0, false)) <= MAX_MESSAGE_BYTES) return event;
  const text = JSON.stringify(event.data);
  const hash = sha256(text);
  const key = largeDataKey(event, hash);
  await bucket.put(key, text, options);
  const stored = { bucket: bucket.name, key, bytes: Buffer.byteLength(text), sha256: hash };
  return withoutLargeData(event, stored, contentOf(event).digest);
}

function notStored(reason: unknown): PublishOutcome {
  const message = reason instanceof Error ? reason.message : String(reason);
  return { status: 'failed', code: 'LargeDataNotStored', message, retryable: true };
}
