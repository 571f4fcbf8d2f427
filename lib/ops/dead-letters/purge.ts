import { rm } from 'node:fs/promises';
import type { OpsClients } from '../clients.ts';
import { noteOperation } from '../trace/operation-note.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { type Look, lookThrough } from './look-through.ts';
import { createPurgeFile, writePurged } from './purge-file.ts';
import { createSelector, type Selection } from './selection.ts';
import { deleteAll, type Refusal } from './send-back.ts';

export interface PurgeProgress {
  readonly purged: number;
  /** Number of messages that were read, purged or not. */
  readonly seen: number;
  readonly total: number;
}

export interface PurgeOptions {
  readonly selection: Selection;
  /** Path of the new purge file; `restore` reads it. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PurgeProgress) => void) | undefined;
}

export interface Purged {
  readonly purged: number;
  /** The purge file. @default - there was nothing to delete, so there is no file */
  readonly file?: string | undefined;
  /** Written to the file, but still in the queue: SQS did not delete them. */
  readonly refused: readonly Refusal[];
  /** Number of messages that are still there although they were selected, or that could not be read. */
  readonly left: number;
  /** Named ids that were not found. */
  readonly missing: readonly string[];
  /** Named ids that were found but do not match the rest of the selection. */
  readonly mismatched: readonly string[];
  readonly look: Look;
}

/**
 * Deletes dead letters. Each is deleted only after it is written to the file and the file is on disk. If there is nothing to delete, no file is
 * left.
 *
 * @throws Error when the file exists already or cannot be written; then nothing more is deleted. When SQS fails later, the error says how many
 *   were deleted, and names the file
 */
export async function purge(
  clients: OpsClients,
  queue: DeadLetterQueue,
  { selection, file, signal, onProgress }: PurgeOptions,
): Promise<Purged> {
  const output = await createPurgeFile(file, queue);
  const selector = createSelector(selection);
  const refused: Refusal[] = [];
  let purged = 0;
  let written = false;
  try {
    const look = await lookThrough(clients, queue, {
      signal,
      onProgress: (progress) => onProgress?.({ purged, ...progress }),
      visit: async (received, hold) => {
        const chosen = selector.select(received);
        if (chosen.length > 0) {
          written = true;
          await writePurged(output, chosen);
          const undeleted = await deleteAll(
            clients.sqs,
            queue.url,
            chosen.map(({ message }) => message),
          );
          refused.push(...undeleted);
          purged += chosen.length - undeleted.length;
          const undeletedIds = new Set(undeleted.map(({ messageId }) => messageId));
          const deleted = chosen.flatMap(({ deadLetter }) =>
            undeletedIds.has(deadLetter.messageId) ? [] : deadLetter,
          );
          hold.forget(deleted.map(({ messageId }) => messageId));
          if (queue.role === 'dead-letter queue')
            await noteOperation(clients, queue.consumer, deleted, 'purged');
        }
        return selector.isDone ? 'enough' : 'next';
      },
    }).catch((cause: Error) => {
      if (!written) throw cause;
      throw new Error(
        `the purge failed after ${purged} messages were written to ${file} and deleted: ${cause.message}`,
        { cause },
      );
    });
    const { missing, mismatched, undecided } = selector;
    const left = refused.length + undecided + look.withOthers + look.notHandedOut;
    const writtenTo = purged + refused.length > 0 ? file : undefined;
    return { purged, file: writtenTo, refused, left, missing, mismatched, look };
  } finally {
    await output.close();
    if (!written) await rm(file);
  }
}
