import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { formatAttemptNote, MAX_ATTEMPT_NOTES, PROCESS_DIED } from '../../contracts/delivery/attempt-note.ts';
import { reasonOf } from '../../contracts/text/error-reason.ts';
import type { IdempotencyRecord } from './record.ts';

/** Adds a note before the existing notes of a record, if there are any. It needs the values of `noteValues`. */
export const PREPEND_NOTE = 'attemptNotes = list_append(:note, if_not_exists(attemptNotes, :noNotes))';
/**
 * Removes the oldest note when the list is full. DynamoDB ignores an index beyond the end of a list, but refuses the update of a record
 * that has no list at all. The embedded engine ignores that too.
 */
export const MAKE_ROOM_FOR_NOTE = `attemptNotes[${MAX_ATTEMPT_NOTES - 1}]`;

/** Whether an update with `MAKE_ROOM_FOR_NOTE` was refused because its record has no notes, and so needs no room for one. */
export function hasNoNotes(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException';
}

/** The values for `PREPEND_NOTE`. */
export function noteValues(note: string): Readonly<Record<string, AttributeValue>> {
  return { ':note': notesAttribute([note]), ':noNotes': { L: [] } };
}

export function notesAttribute(notes: readonly string[]): AttributeValue {
  return { L: notes.map((note) => ({ S: note })) };
}

/** The note of an attempt whose handler has failed. */
export function noteOfFailure(
  { startedAt, attempt }: { readonly startedAt: number; readonly attempt: number },
  endedAt: number,
  error: Error,
): string {
  const { name, message } = reasonOf(error);
  return formatAttemptNote({ startedAt, endedAt, attempt, reason: `${name}: ${message}` });
}

/** The notes of a record whose process died, with a new note about that attempt. */
export function notesAfterDeath({ startedAt, attempts, attemptNotes }: IdempotencyRecord): AttributeValue {
  const note = formatAttemptNote({ startedAt, attempt: attempts, reason: PROCESS_DIED });
  return notesAttribute([note, ...attemptNotes].slice(0, MAX_ATTEMPT_NOTES));
}

/**
 * The note of deliveries that have left no record. With `effects: 'commit'`, a first delivery is not claimed. If its process dies or no
 * handler can begin, only the receive count shows the delivery.
 */
export function noteOfLostDeliveries(firstReceivedAt: number, count: number): string {
  const reason = `NotNoted: received ${count === 1 ? 'once' : `${count} times`} before, no record`;
  return formatAttemptNote({ startedAt: firstReceivedAt, attempt: 0, reason });
}
