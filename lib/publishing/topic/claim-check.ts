import { sha256 } from '../../aws/signature.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { largeDataKey, withoutLargeData } from '../../contracts/envelope/large-data.ts';
import { MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';
import type { DataBucket } from '../large-data/data-bucket.ts';
import { contentOf } from './content.ts';
import { eventBytes, messageLimit } from './event-size.ts';
import type { PublishOptions, PublishOutcome, TopicPublisher } from './topic-publisher.ts';

/**
 * Creates a publisher that also accepts events that are too large for a message. It first writes their data to the bucket of the bus,
 * then publishes them with a link to the data (the claim check pattern). The consumers' runtime restores the data.
 *
 * The key contains the event's type and the hashes of its identity and data. So a repeated event writes the same object again, and
 * other data under the same identity becomes another object.
 */
export function createClaimCheckPublisher(publisher: TopicPublisher, bucket: DataBucket): TopicPublisher {
  return {
    maxEventBytes: MAX_REQUEST_BYTES,
    ...(publisher.fifo && { fifo: true }),
    publish: async (events, options = {}) => {
      const checked = await Promise.allSettled(events.map((event) => storeData(event, bucket, options)));
      const stored = checked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      if (stored.length === events.length) return publisher.publish(stored, options);
      // If the data of one event cannot be stored, no event is sent: on a FIFO topic, the later events would overtake it.
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

/** The event in a form that fits into a message. @throws Error when its data cannot be stored */
async function storeData(event: Envelope, bucket: DataBucket, options: PublishOptions): Promise<Envelope> {
  if (event.data === undefined || eventBytes(event) <= messageLimit(event)) return event;
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
