import { deliveryTime } from '../../contracts/envelope/deliver-at.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { LARGE_DATA_DAYS, LARGE_DATA_LINK_BYTES } from '../../contracts/envelope/large-data.ts';
import { scheduleText } from '../../contracts/envelope/schedule-text.ts';
import type { Problem } from '../../contracts/text/problem.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from './publish-chunks.ts';
import { entryOf } from './publish-entry.ts';

/**
 * Bytes of an event that comes later, with its message attributes, and with the keywords of EventBridge Scheduler escaped. The input of a
 * schedule has 256 KB at most, and needs some for the key of the event.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
export const MAX_LATER_BYTES = 250_000;

const DAY_MS = 86_400_000;
/** A message stays 21 days in the queue of a consumer and its dead-letter queue. Its data must be there as long. */
const MESSAGE_DAYS = 21;
/** Data that is too large for a message is gone after `LARGE_DATA_DAYS`. So its event must be delivered within this time. */
const MAX_LARGE_DELAY_DAYS = LARGE_DATA_DAYS - MESSAGE_DAYS;

/** What the size of an event is compared with. */
export interface SizeLimit {
  /** The publisher's limit: more than a message when it can store data in the bucket. */
  readonly maxEventBytes: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What {@link eventBytes} counts, above which its data is stored in the bucket. */
export function messageLimit({ deliverat }: Pick<Envelope, 'deliverat'>): number {
  return deliverat === undefined ? MAX_MESSAGE_BYTES : MAX_LATER_BYTES;
}

/** Bytes of an event as it is carried: SNS counts its body and message attributes, and a schedule needs some more for its keywords. */
export function eventBytes(event: Envelope): number {
  return sizeOf(event).total;
}

/** Its bytes, and how many of them escape keywords. */
function sizeOf(event: Envelope): { readonly total: number; readonly escapes: number } {
  const entry = entryOf(event, 0, false);
  const { Message: text = '' } = entry;
  // All that differs is ASCII.
  const escapes = event.deliverat === undefined ? 0 : scheduleText(text).length - text.length;
  return { total: entryBytes(entry) + escapes, escapes };
}

/**
 * Why an event is too large, or undefined when it is not. SNS counts the body with the message attributes. An event that does not
 * fit into a message is allowed when the publisher can store its data in the bucket, unless the event already has a link, or comes so late
 * that its data would be gone.
 */
export function sizeProblem(event: Envelope, { maxEventBytes, now }: SizeLimit): Problem | undefined {
  const { total, escapes } = sizeOf(event);
  const limit = messageLimit(event);
  if (total <= limit) return undefined;
  const bytes = `${total} bytes with its message attributes${escapes > 0 ? `, ${escapes} of them to escape <aws.scheduler.` : ''}`;
  if (total > maxEventBytes || maxEventBytes <= MAX_MESSAGE_BYTES) {
    return tooLarge(bytes, total > maxEventBytes ? maxEventBytes : limit);
  }
  if ((deliveryTime(event) ?? now) > now + MAX_LARGE_DELAY_DAYS * DAY_MS) {
    return tooLarge(`${bytes}, and comes in more than ${MAX_LARGE_DELAY_DAYS} days`, limit);
  }
  const rest = eventBytes({ ...event, data: undefined });
  if (rest > limit - LARGE_DATA_LINK_BYTES - event.type.length) {
    return tooLarge(`${rest} bytes beside its data`, limit);
  }
  if (event.dataref === undefined) return undefined;
  return tooLarge(`${bytes}, and a link to its data; send only one of the two`, limit);
}

/** The problem of an event that has too many bytes. */
export function tooLarge(size: string, most: number): Problem {
  return { pointer: '', detail: `has ${size}; at most ${most} are allowed` };
}
