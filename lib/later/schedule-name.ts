import { createHash } from 'node:crypto';
import { identityOf } from '../contracts/envelope/envelope.ts';

/** Hexadecimal digits of the two parts of a name, which has 64 characters at most. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const KEY_DIGITS = 16;
const IDENTITY_DIGITS = 40;
const NO_KEY = '0'.repeat(KEY_DIGITS);

/**
 * The name of the schedule of an event: the same for every repetition, so that an event never has two.
 *
 * @param key what its consumer calls it. Default: it has no key
 */
export function scheduleName(
  event: { readonly source: string; readonly id: string },
  key: string | undefined,
): string {
  const prefix = key === undefined ? NO_KEY : schedulePrefix(event.source, key).slice(0, -1);
  return `${prefix}-${digest(identityOf(event), IDENTITY_DIGITS)}`;
}

/** How the names of the schedules of all events of this owner with this key begin. */
export function schedulePrefix(owner: string, key: string): string {
  return `${digest(`${owner}|${key}`, KEY_DIGITS)}-`;
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
