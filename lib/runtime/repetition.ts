import { ConflictingEvent } from './failures.ts';
import { type Content, conflicts } from './idempotency/content.ts';
import type { IdempotencyRecord } from './idempotency/record.ts';
import type { Outcome } from './job.ts';

/** What becomes of an event whose record says that it is done: a duplicate, unless it is another event under the same identity. */
export function outcomeOfRepetition(content: Content, record: IdempotencyRecord): Outcome {
  if (conflicts(content, record)) return conflict(content, record);
  const { outbox } = record;
  return outbox.length > 0 ? { kind: 'unpublished', outbox } : { kind: 'duplicate' };
}

/** The end of an event that is another one than that which came before under its identity. */
export function conflict({ type }: Content, earlier: { readonly type: string | undefined }): Outcome {
  return { kind: 'dead', error: new ConflictingEvent(type, earlier.type ?? type), digests: [] };
}
