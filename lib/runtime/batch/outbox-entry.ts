import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import { type Cancellation, type LaterEvent, MAX_LATER_DEPTH } from '../../later/later-message.ts';

/** What a handler has emitted: an event, with its key if it has one, or a cancellation. */
export type OutboxEntry = LaterEvent | { readonly cancel: Cancellation };

/**
 * Reads a text of the outbox. The context has written it, in this release or an earlier one, so nothing is checked but that somebody else
 * has not. An event without a key is stored as it is on the wire.
 *
 * @throws TypeError when it is no entry
 */
export function readOutboxEntry(text: string): OutboxEntry {
  const value = parseJson(text, MAX_LATER_DEPTH);
  if (isJsonObject(value)) {
    if (typeof value.type === 'string') return { event: value as Envelope };
    if (isJsonObject(value.cancel)) return { cancel: value.cancel as unknown as Cancellation };
    if (isJsonObject(value.event)) return value as unknown as LaterEvent;
  }
  throw new TypeError('an entry of the outbox is neither an event nor a cancellation');
}

/** Whether an entry goes to the queue of later events, and not to the topic: see `createLaterPublisher`. */
export function goesLater(entry: OutboxEntry): boolean {
  return 'cancel' in entry || entry.event.deliverat !== undefined;
}
