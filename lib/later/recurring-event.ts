import { type Envelope, SPEC_VERSION } from '../contracts/envelope/envelope.ts';
import { uuidV5 } from '../contracts/uuid-v5.ts';
import type { RecurringEvent } from './later-message.ts';

/** Characters of a message group id. */
const MAX_PARTITION_KEY = 128;

/**
 * The event of a schedule that has fired. Its id depends only on its type and the time for which it was scheduled, so that a schedule that
 * fires twice publishes the same event twice.
 *
 * @param fifo whether the topic keeps an order: then the events of one schedule are in order
 */
export function recurringEvent(
  { type, source, data, scheduledAt }: RecurringEvent,
  fifo: boolean | undefined,
): Envelope {
  const id = uuidV5('schedule', type, scheduledAt);
  return {
    specversion: SPEC_VERSION,
    id,
    source,
    type,
    time: new Date(scheduledAt).toISOString(),
    datacontenttype: 'application/json',
    correlationid: id,
    ...(fifo && { partitionkey: type.slice(0, MAX_PARTITION_KEY) }),
    data,
  };
}
