import type { Message } from '@aws-sdk/client-sqs';
import { eventName } from '../../contracts/event-name.ts';

/** A message of a dead-letter queue, with the reason why it is there. */
export interface DeadLetter {
  readonly messageId: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly attempts?: number | undefined;
  /** When it was sent to its consumer. Epoch milliseconds, as all times here. */
  readonly firstAt?: number | undefined;
  /** When it failed for good. */
  readonly lastAt?: number | undefined;
  readonly eventId?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly correlationId?: string | undefined;
  /** As it lies in the queue; it need not be an event. */
  readonly body: string;
}

/** A dead letter, and the message to do something with. */
export interface HeldLetter {
  readonly letter: DeadLetter;
  readonly message: Message;
}

/** Which dead letters are meant: those that fit all of it. */
export interface Selection {
  readonly messageId?: string | undefined;
  readonly errorName?: string | undefined;
  /** With or without its version. */
  readonly type?: string | undefined;
  /** Has this text in its body, written out or as JSON escapes it. */
  readonly containing?: string | undefined;
  /** Failed longer ago than this. */
  readonly olderThanSeconds?: number | undefined;
}

export function selects(selection: Selection, letter: DeadLetter, now = Date.now()): boolean {
  const { messageId, errorName, type, containing, olderThanSeconds } = selection;
  const since = letter.lastAt ?? letter.firstAt ?? now;
  return (
    (messageId === undefined || messageId === letter.messageId) &&
    (errorName === undefined || errorName === letter.errorName) &&
    (type === undefined ||
      letter.type === type ||
      (letter.type !== undefined && eventName(letter.type) === type)) &&
    (containing === undefined || bodyContains(letter, containing)) &&
    (olderThanSeconds === undefined || now - since >= olderThanSeconds * 1_000)
  );
}

/** A publisher may have escaped what it need not: the text is looked for in the values too. */
function bodyContains({ body }: DeadLetter, text: string): boolean {
  return body.includes(text) || valueContains(jsonOf(body), text);
}

function valueContains(value: unknown, text: string): boolean {
  if (typeof value !== 'object' || value === null) return String(value).includes(text);
  return Object.entries(value).some(([name, one]) => name.includes(text) || valueContains(one, text));
}

/** Undefined for what is no JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function selectsAll(selection: Selection): boolean {
  return Object.values(selection).every((value) => value === undefined);
}
