import { inspectValue } from '../../contracts/json/json-value.ts';
import { shownValue } from '../../contracts/text/shown-value.ts';
import type { EmitOptions } from './emit-options.ts';

/** The longest key, in characters. */
const MAX_KEY_CHARACTERS = 256;

/** Whether an event comes later. */
export function isLater(options: EmitOptions): boolean {
  return options.at !== undefined || options.in !== undefined;
}

/** @throws TypeError when the options have a key and no time, or a key that cannot be kept */
export function refuseWrongKey(options: EmitOptions): void {
  const { key } = options;
  if (key === undefined) return;
  if (!isLater(options))
    throw new TypeError(
      `an event is emitted with the key ${shownValue(key)}, but without at or in; only what comes later has a key`,
    );
  checkKey('the consumer', key);
}

/** @throws TypeError when the key is empty or too long, or the outbox and SQS could not keep it unchanged */
export function checkKey(consumer: string, key: string): void {
  if (typeof key !== 'string' || key === '' || Array.from(key).length > MAX_KEY_CHARACTERS)
    refuseKey(consumer, key, `1 to ${MAX_KEY_CHARACTERS} characters`);
  if (inspectValue(key, 0).problems.length > 0)
    refuseKey(consumer, key, 'whole characters, none of them U+FFFE or U+FFFF');
}

function refuseKey(consumer: string, key: unknown, rule: string): never {
  throw new TypeError(
    `${consumer} uses ${shownValue(key)} as the key of an event that comes later; a key has ${rule}`,
  );
}

/**
 * The times of the events with a key and of the cancellations of one handler, in epoch milliseconds. A cancellation is for the events before
 * it and not for those after it, also when all happen within one millisecond.
 */
export class LaterOrder {
  #lastEmitted = Number.NEGATIVE_INFINITY;
  #lastCancelled = Number.NEGATIVE_INFINITY;

  /** The time of an event that is emitted now. */
  emittedAt(now: number): number {
    this.#lastEmitted = Math.max(now, this.#lastCancelled + 1);
    return this.#lastEmitted;
  }

  /** The time of a cancellation that is made now. */
  cancelledAt(now: number): number {
    this.#lastCancelled = Math.max(now, this.#lastEmitted);
    return this.#lastCancelled;
  }
}
