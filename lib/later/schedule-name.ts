import { createHash } from 'node:crypto';
import { identityOf } from '../contracts/envelope/envelope.ts';

/** Hexadecimal digits of the parts of a name, which has 64 characters at most. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const KEY_DIGITS = 16;
const IDENTITY_DIGITS = 40;
const TYPE_DIGITS = 6;
const NO_KEY = `${'0'.repeat(KEY_DIGITS)}-`;

/** What identifies an event to its schedule. The same fact in two versions is two messages, so it has two schedules. */
interface Identified {
  readonly source: string;
  readonly id: string;
  readonly type: string;
}

/**
 * The name of the schedule of an event: the same for every repetition, so that an event never has two.
 *
 * @param key what its consumer calls it. Default: it has no key
 */
export function scheduleName(event: Identified, key: string | undefined): string {
  const prefix = key === undefined ? NO_KEY : prefixOfKey(event.source, key);
  return `${prefix}${digest(identityOf(event), IDENTITY_DIGITS)}-${digest(event.type, TYPE_DIGITS)}`;
}

/** How the names of the schedules of all events of this owner with this key begin. */
export function prefixOfKey(owner: string, key: string): string {
  return `${digest(`${owner}|${key}`, KEY_DIGITS)}-`;
}

/** How the names of the schedules of one event without a key begin. */
export function prefixOfId(event: { readonly source: string; readonly id: string }): string {
  return `${NO_KEY}${digest(identityOf(event), IDENTITY_DIGITS)}-`;
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
