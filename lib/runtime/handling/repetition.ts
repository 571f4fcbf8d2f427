import { type Content, conflicts } from '../../publishing/topic/content.ts';
import type { Outcome } from '../batch/batch-item.ts';
import { ConflictingEventError } from '../errors.ts';
import type { IdempotencyRecord } from '../idempotency/record.ts';

/** The outcome of an event whose record says that it is done: a duplicate, unless its content differs from the record. */
export function outcomeOfRepetition(content: Content, record: IdempotencyRecord): Outcome {
  if (conflicts(content, record)) return conflict(content, record);
  const { outbox } = record;
  return outbox.length > 0 ? { status: 'committed', outbox } : { status: 'duplicate' };
}

/** The outcome of an event whose content differs from an earlier event with the same identity. */
export function conflict({ type }: Content, earlier: { readonly type: string | undefined }): Outcome {
  return {
    status: 'deadLettered',
    error: new ConflictingEventError(type, earlier.type ?? type),
    digests: [],
  };
}
