import { type Envelope, serializeEnvelope } from '../../contracts/envelope/envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';

/** Splits events into requests that keep both limits of the publish API. The order stays the same. */
export function chunkEvents(events: readonly Envelope[]): Envelope[][] {
  const chunks: Envelope[][] = [];
  let current: Envelope[] = [];
  let total = 0;
  for (const event of events) {
    // One byte for the comma or bracket after the event. The opening bracket of the list is one more byte, added below.
    const bytes = Buffer.byteLength(serializeEnvelope(event)) + 1;
    if (current.length === MAX_EVENTS || 1 + total + bytes > MAX_REQUEST_BYTES) {
      chunks.push(current);
      current = [];
      total = 0;
    }
    current.push(event);
    total += bytes;
  }
  return current.length > 0 ? [...chunks, current] : chunks;
}
