import { appendFile, readFile } from 'node:fs/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { MAX_SQS_BATCH_ENTRIES } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import { consumerNamed, type DeployedConsumer, type Deployment } from '../deployment.ts';
import { ownerName } from '../find-stacks.ts';
import { type PurgeFileHead, readPurged, readPurgeFileHead } from './purge-file.ts';
import { type Refusal, sendAll } from './send-back.ts';

export interface RestoreOptions {
  /** Path of a purge file. */
  readonly file: string;
  /** Reads and checks the file, and sends nothing. @default false */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    | ((progress: { readonly restored: number; readonly total: number }) => void)
    | undefined;
}

export interface Restored {
  readonly consumer: string;
  /** Number of messages in the file. */
  readonly total: number;
  /** Number of messages that an earlier restore has sent. */
  readonly before: number;
  readonly restored: number;
  readonly refused: readonly Refusal[];
  readonly stopped: boolean;
}

/** Mode of the file with the ids of restored messages: only its owner can read it. */
const OWNER_ONLY = { mode: 0o600 };

/** The file with the ids of the messages that were restored from a purge file. */
export function restoredFile(file: string): string {
  return `${file}.restored`;
}

/**
 * Sends the messages of a purge file to the queue of their consumer, and to no other queue. The whole file is read and checked before the first
 * message is sent. The ids of sent messages are written to a second file, so that a restore that was stopped can continue. Then at most ten
 * messages are delivered twice, and their consumer detects it.
 *
 * @throws Error when the file is no purge file, or its app, stage or consumer is another one; then nothing is sent
 */
export async function restore(
  { sqs }: Pick<OpsClients, 'sqs'>,
  deployment: Deployment,
  { file, dryRun = false, signal, onProgress }: RestoreOptions,
): Promise<Restored> {
  const head = await readPurgeFileHead(file);
  const consumer = consumerOf(deployment, head, file);
  const total = await countMessagesOf(file);
  const done = await readDone(file);
  const before = done.size;
  const refused: Refusal[] = [];
  let restored = 0;
  const notes = restoredFile(file);
  const note = async (sent: readonly Message[]): Promise<void> => {
    const lines = sent.map(({ MessageId }) => `${MessageId}\n`).join('');
    await appendFile(notes, lines, OWNER_ONLY);
    restored += sent.length;
  };
  const send = async (batch: readonly Message[]): Promise<void> => {
    refused.push(...(await sendAll(sqs, consumer, batch, note)));
    onProgress?.({ restored: before + restored, total });
  };
  if (!dryRun) {
    for await (const batch of batchesOf(file, done)) {
      if (signal?.aborted) break;
      await send(batch);
    }
  }
  return { consumer: consumer.label, total, before, restored, refused, stopped: signal?.aborted ?? false };
}

/** The consumer that the messages are of, which may be of another app than the bus. */
function consumerOf(deployment: Deployment, head: PurgeFileHead, file: string): DeployedConsumer {
  const { app = deployment.app, stage, consumer } = head;
  const owner = ownerName({ app, stage });
  const isHere = deployment.consumers.some((one) => one.owner === owner && one.name === consumer);
  for (const name of ['app', 'stage'] as const) {
    const [is, should] = [deployment[name], head[name]];
    if (!isHere && should !== undefined && should !== is)
      throw new Error(
        `the messages in ${file} are of ${name} '${should}', and this is ${name} '${is}'; restore them with --${name} ${should}`,
      );
  }
  return consumerNamed(deployment, isHere ? `${owner}/${consumer}` : consumer);
}

/** @throws Error when a line is no message */
async function countMessagesOf(file: string): Promise<number> {
  let count = 0;
  for await (const _ of readPurged(file)) count += 1;
  return count;
}

async function* batchesOf(file: string, done: ReadonlySet<string>): AsyncGenerator<readonly Message[]> {
  let batch: Message[] = [];
  for await (const message of readPurged(file)) {
    if (done.has(message.MessageId ?? '')) continue;
    batch.push(message);
    if (batch.length < MAX_SQS_BATCH_ENTRIES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function readDone(file: string): Promise<ReadonlySet<string>> {
  try {
    const lines = (await readFile(restoredFile(file), 'utf8')).split('\n');
    // Text after the last line end is incomplete, or empty. That message is sent again.
    return new Set(lines.slice(0, -1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set();
    throw error;
  }
}
