import { createHash } from 'node:crypto';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { identityOf } from '../../contracts/envelope/envelope.ts';
import { contentOf } from '../../publishing/topic/content.ts';
import { HOUR_MS, hourOf } from '../object-key.ts';

/** Finds messages that are in the archive more than once. */
export interface Deduper {
  /** Whether the same message came before, in this hour of arrival or the one before it. */
  isRepeated(event: Envelope, arrivedAt: number): boolean;
  /** How many were. */
  readonly repeated: number;
}

/** So many messages are remembered: some 30 MB. */
const MAX_REMEMBERED = 500_000;
/** 96 bits: nobody finds other messages with the same digest. */
const KEY_BYTES = 12;

/**
 * The archive is written at least once: after a crash between the write and the acknowledgement, the same messages are in a second object
 * of the same hours. Two messages are the same when a consumer takes them for one event: source, id, type and content. The versions of an
 * event under one id are messages of their own, and so is other content under the same id, which is a conflict that a reader has to see.
 *
 * It remembers two hours of arrival, and the latest of the messages in them; what it forgets is read twice, and no consumer acts twice
 * on it. Events must come in the order of their hours, as `listObjects` has them.
 *
 * @param most maximum number of messages that are remembered. @default 500000
 */
export function createDeduper(most = MAX_REMEMBERED): Deduper {
  /** The keys by hour, the oldest first. A set keeps the order in which they came. */
  const hours = new Map<number, Set<string>>();
  let size = 0;
  let repeated = 0;
  const forgetBefore = (hour: number): void => {
    for (const [one, keys] of hours) {
      if (one >= hour) continue;
      size -= keys.size;
      hours.delete(one);
    }
  };
  const forgetOldest = (): void => {
    for (const [hour, keys] of hours) {
      for (const key of keys) {
        keys.delete(key);
        size -= 1;
        if (keys.size === 0) hours.delete(hour);
        return;
      }
    }
  };
  return {
    isRepeated: (event, arrivedAt) => {
      const hour = hourOf(arrivedAt);
      const key = keyOf(event);
      if (hours.get(hour)?.has(key) || hours.get(hour - HOUR_MS)?.has(key)) {
        repeated += 1;
        return true;
      }
      if (!hours.has(hour)) {
        forgetBefore(hour - HOUR_MS);
        hours.set(hour, new Set());
      }
      hours.get(hour)?.add(key);
      size += 1;
      if (size > most) forgetOldest();
      return false;
    },
    get repeated() {
      return repeated;
    },
  };
}

/** The same as the deduplication id of a FIFO topic is made of. */
function keyOf(event: Envelope): string {
  const key = `${identityOf(event)}|${event.type}|${contentOf(event).digest}`;
  // A character for a byte: the shortest text there is, and no part of a longer one, which would stay in memory with it.
  return createHash('sha256').update(key).digest().toString('latin1', 0, KEY_BYTES);
}
