import { inspectValue } from '../../contracts/json/json-value.ts';
import type { EmitOptions } from './emit-options.ts';

/** The longest key, in characters. */
const MAX_KEY_CHARACTERS = 256;

/** Whether an event comes later. */
export function isLater(options: EmitOptions): boolean {
  return options.at !== undefined || options.in !== undefined;
}

/**
 * The attribute `deliverat` of an emitted event; undefined when it comes at once.
 *
 * @param now epoch milliseconds
 * @throws TypeError when the options contradict each other or are no time; a text is checked with the envelope
 */
export function deliverAtOf(options: EmitOptions, now: number): string | undefined {
  const { at, in: seconds, key } = options;
  if (at !== undefined && seconds !== undefined)
    throw new TypeError('an event is emitted with at and in; leave one of both out');
  if (key !== undefined) {
    if (!isLater(options))
      throw new TypeError(
        `an event is emitted with the key '${key}', but without at or in; only what comes later has a key`,
      );
    checkKey('the consumer', key);
  }
  if (typeof at === 'string') return at;
  if (at !== undefined) return textOf(at.getTime(), 'at is an invalid Date');
  if (seconds === undefined) return undefined;
  return textOf(now + seconds * 1_000, `in is ${seconds}; it is a number of seconds`);
}

function textOf(time: number, problem: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new TypeError(`an event cannot be emitted for later: ${problem}`);
  return date.toISOString();
}

/** @throws TypeError when the key is empty or too long, or the outbox and SQS could not keep it unchanged */
export function checkKey(consumer: string, key: string): void {
  if (typeof key !== 'string' || key.length < 1 || key.length > MAX_KEY_CHARACTERS)
    refuseKey(consumer, String(key), `1 to ${MAX_KEY_CHARACTERS} characters`);
  if (inspectValue(key, 0).problems.length > 0)
    refuseKey(consumer, key, 'whole characters, none of them U+FFFE or U+FFFF');
}

function refuseKey(consumer: string, key: string, rule: string): never {
  throw new TypeError(
    `${consumer} uses '${key.toWellFormed()}' as the key of an event that comes later; a key has ${rule}`,
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
