import { open } from 'node:fs/promises';
import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { type Selection, selects } from './dead-letter.ts';
import { holdLetters } from './hold-letters.ts';

export interface PurgeOptions {
  readonly selection: Selection;
  /** A new file that only its owner may read: a letter a line, as JSON with its reason. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((purged: number) => void) | undefined;
}

/** The letters are customers' data: no other user of the machine may read them. */
const OWNER_ONLY = 0o600;

/**
 * Deletes dead letters, each only after it is written to the file and the file is on the disk.
 *
 * @returns how many were deleted
 * @throws Error when the file is there already or cannot be written; nothing more is deleted then
 */
export async function purge(
  clients: OpsClients,
  consumer: DeployedConsumer,
  { selection, file, signal, onProgress }: PurgeOptions,
): Promise<number> {
  const output = await open(file, 'wx', OWNER_ONLY);
  let purged = 0;
  try {
    for await (const letters of holdLetters(clients, consumer)) {
      if (signal?.aborted) return purged;
      const chosen = letters.filter(({ letter }) => selects(selection, letter));
      if (chosen.length === 0) continue;
      await output.write(chosen.map(({ letter }) => `${JSON.stringify(letter)}\n`).join(''));
      await output.sync();
      const { Failed = [] } = await clients.sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: consumer.deadLetterQueueUrl,
          Entries: chosen.map(({ message }, index) => ({
            Id: String(index),
            ReceiptHandle: message.ReceiptHandle,
          })),
        }),
      );
      purged += chosen.length - Failed.length;
      onProgress?.(purged);
    }
    return purged;
  } finally {
    await output.close();
  }
}
