import { type Envelope, serializeEnvelope } from '../contracts/envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../contracts/request-limits.ts';

/** Cuts events into requests that keep both limits of the publish API, in their order. */
export function chunkEvents(events: readonly Envelope[]): Envelope[][] {
  const chunks: Envelope[][] = [];
  let current: Envelope[] = [];
  let total = 0;
  for (const event of events) {
    // With the comma or bracket that follows it; one more for the bracket that opens the list.
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
