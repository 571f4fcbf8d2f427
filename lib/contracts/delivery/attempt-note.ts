import { clipText } from '../text/clip-text.ts';

/** A failed attempt in an idempotency record. The runtime writes it, and `fanfare trace` reads it. */
export interface AttemptNote {
  /** Number of the attempt, from 1; 0 when it was not counted. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds; absent when the process died, because the time is not known. */
  readonly endedAt?: number | undefined;
  /** Why it failed: the name of the error, and the beginning of its message. */
  readonly reason: string;
}

/** Maximum number of notes in a record. When there are more, the oldest are removed. */
export const MAX_ATTEMPT_NOTES = 10;
/** Keeps a record with the notes of five attempts under 1 KB, which is one write unit. */
const MAX_REASON_CHARACTERS = 48;

/** The reason of an attempt whose process died. */
export const PROCESS_DIED = 'ProcessDiedError';

/** Formats a note as `<startedAt> <milliseconds, or -> <attempt> <reason>`. */
export function formatAttemptNote({ attempt, startedAt, endedAt, reason }: AttemptNote): string {
  const took = endedAt === undefined ? '-' : Math.max(0, endedAt - startedAt);
  return `${startedAt} ${took} ${attempt} ${clipText(reason, MAX_REASON_CHARACTERS)}`;
}

/** Reads a note. Undefined when the text is not a note. */
export function parseAttemptNote(text: string): AttemptNote | undefined {
  const [, startedAt, took, attempt, reason = ''] = /^(\d+) (\d+|-) (\d+) (.*)$/s.exec(text) ?? [];
  if (startedAt === undefined || took === undefined) return undefined;
  return {
    attempt: Number(attempt),
    startedAt: Number(startedAt),
    endedAt: took === '-' ? undefined : Number(startedAt) + Number(took),
    reason,
  };
}
