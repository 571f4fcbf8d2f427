import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { serializeEnvelope } from '../../contracts/envelope/envelope.ts';
import { serializeLaterMessage } from '../../later/later-message.ts';
import { digestOf } from './emitted-digest.ts';
import { LaterOrder } from './later-options.ts';

/**
 * Maximum bytes of the emitted events in a record. An item of DynamoDB has at most 400 KB, and the rest of the record needs some of it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const MAX_OUTBOX_BYTES = 390_000;

/** What a handler has emitted and cancelled so far, in its order. */
export class EmittedEvents {
  /** The outbox, as JSON. */
  readonly texts: string[] = [];
  /** Digests of the events by position, to compare them with those of another attempt. */
  readonly digests: string[] = [];
  readonly #order = new LaterOrder();
  #bytes = 0;

  /** The position of the next event. */
  get position(): number {
    return this.digests.length;
  }

  /** The time of an event that is emitted now. @param now epoch milliseconds */
  timeOf(key: string | undefined, now: number): number {
    return key === undefined ? now : this.#order.emittedAt(now);
  }

  /** @throws TypeError when the outbox would be too large for its record */
  add(event: Envelope, key: string | undefined): void {
    this.#put(key === undefined ? serializeEnvelope(event) : serializeLaterMessage({ event, key }));
    this.digests.push(digestOf(event));
  }

  /**
   * Cancels the events with a key that were emitted before.
   *
   * @param owner the source of these events
   * @param now epoch milliseconds
   * @throws TypeError when the outbox would be too large for its record
   */
  cancel(owner: string, key: string, now: number): void {
    const at = new Date(this.#order.cancelledAt(now)).toISOString();
    this.#put(serializeLaterMessage({ cancel: { owner, key, at } }));
  }

  #put(text: string): void {
    const bytes = this.#bytes + Buffer.byteLength(text);
    if (bytes > MAX_OUTBOX_BYTES) {
      throw new TypeError(
        `the events emitted for one event have ${bytes} bytes together; at most ${MAX_OUTBOX_BYTES} fit into its record`,
      );
    }
    this.#bytes = bytes;
    this.texts.push(text);
  }
}
