import { textsOf } from '../../contracts/json/texts-in.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import type { DeadLetter, ReceivedDeadLetter } from './dead-letter.ts';
import { UNREAD } from './read-reasons.ts';

/** Selects dead letters: those that match every given field. */
export interface Selection {
  readonly messageIds?: readonly string[] | undefined;
  readonly eventId?: string | undefined;
  readonly errorName?: string | undefined;
  /** With or without its version. */
  readonly type?: string | undefined;
  /** A text in the body, plain or escaped as in JSON. */
  readonly text?: string | undefined;
  /** The failure is at least this old. */
  readonly olderThanSeconds?: number | undefined;
  /** The failure is at most this old. */
  readonly newerThanSeconds?: number | undefined;
  /** Maximum number of messages: the first ones that SQS returns. */
  readonly limit?: number | undefined;
}

/** Finds the selected messages among received ones. */
export interface Selector {
  select(received: readonly ReceivedDeadLetter[]): readonly ReceivedDeadLetter[];
  /** Skips messages, and counts those that match. @returns their number */
  skip(received: readonly ReceivedDeadLetter[]): number;
  /** Whether the limit is reached, or all named messages are found. */
  readonly isDone: boolean;
  /** Named ids that were not found. */
  readonly missing: readonly string[];
  /** Named ids that were found but do not match the rest of the selection. */
  readonly mismatched: readonly string[];
  /** Number of messages that may match: the selection needs their reason or time, which could not be read. */
  readonly undecided: number;
}

export function createSelector(selection: Selection): Selector {
  const { limit = Number.POSITIVE_INFINITY, messageIds } = selection;
  const wanted = messageIds && new Set(messageIds);
  const mismatched: string[] = [];
  let count = 0;
  let undecided = 0;
  const isSelected = ({ deadLetter }: ReceivedDeadLetter): boolean => {
    if (wanted && !wanted.delete(deadLetter.messageId)) return false;
    const isMatch = matches(selection, deadLetter);
    if (isMatch === 'unknown') undecided += 1;
    else if (!isMatch && wanted) mismatched.push(deadLetter.messageId);
    return isMatch === true;
  };
  const isWithinLimit = (received: ReceivedDeadLetter): boolean => {
    if (count >= limit || !isSelected(received)) return false;
    count += 1;
    return true;
  };
  return {
    select: (received) => received.filter(isWithinLimit),
    skip: (received) => received.filter(isSelected).length,
    get isDone() {
      return count >= limit || wanted?.size === 0;
    },
    get missing() {
      return [...(wanted ?? [])];
    },
    mismatched,
    get undecided() {
      return undecided;
    },
  };
}

export function selectsAll(selection: Selection): boolean {
  return Object.values(selection).every((value) => value === undefined);
}

function matches(
  { eventId, errorName, type, text, ...ages }: Selection,
  deadLetter: DeadLetter,
): boolean | 'unknown' {
  const isMatch =
    (eventId === undefined || eventId === deadLetter.eventId) &&
    (type === undefined || isOfType(deadLetter, type)) &&
    (text === undefined || bodyContains(deadLetter, text));
  if (!isMatch) return false;
  // Without its reason it is not known why or when it failed.
  if (deadLetter.errorName === UNREAD && errorName !== UNREAD && (errorName !== undefined || hasAge(ages)))
    return 'unknown';
  return (errorName === undefined || errorName === deadLetter.errorName) && isOfAge(deadLetter, ages);
}

function hasAge({ olderThanSeconds, newerThanSeconds }: Ages): boolean {
  return olderThanSeconds !== undefined || newerThanSeconds !== undefined;
}

function isOfType({ type }: DeadLetter, wanted: string): boolean {
  return type !== undefined && (type === wanted || eventName(type) === wanted);
}

type Ages = Pick<Selection, 'olderThanSeconds' | 'newerThanSeconds'>;

function isOfAge({ lastAt, firstAt }: DeadLetter, { olderThanSeconds, newerThanSeconds }: Ages): boolean {
  const now = Date.now();
  const ageSeconds = (now - (lastAt ?? firstAt ?? now)) / 1_000;
  return (
    (olderThanSeconds === undefined || ageSeconds >= olderThanSeconds) &&
    (newerThanSeconds === undefined || ageSeconds <= newerThanSeconds)
  );
}

/** Searches the text in the body and in its parsed values, because a publisher may have escaped characters. */
function bodyContains({ body }: DeadLetter, text: string): boolean {
  return textsOf(body).some((one) => one.includes(text));
}
