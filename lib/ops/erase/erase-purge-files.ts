import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Replay, readReplay, recordKey } from '../../contracts/delivery/replay.ts';
import { isJsonObject } from '../../contracts/json/json.ts';
import { readPurgeFileHead } from '../dead-letters/purge-file.ts';
import type { Deployment } from '../deployment.ts';
import { ownerName } from '../find-stacks.ts';
import { reasonOf } from '../problem.ts';
import { eraseRecords } from './erase-records.ts';
import { type Erasure, noteOf } from './erasure.ts';
import { judgeMessage, noteUnjudged } from './judge-message.ts';
import { eraseLargeData } from './large-data.ts';

/** What was done with one purge file. */
export interface ErasedFile {
  readonly file: string;
  /** Lines of the person, which are gone. */
  readonly removed: number;
}

export interface FilesRequest {
  readonly deployment: Pick<Deployment, 'app' | 'stage' | 'consumers'>;
  /** Where `fanfare dlq purge` writes. */
  readonly folder: string;
  /** Others. */
  readonly files: readonly string[];
}

/** As {@link purgeFileName} makes them. */
const NAME = /^dead-letters-.*\.jsonl$/;
/** Dead letters hold customers' data: no other user of this machine may read them. */
const OWNER_ONLY = 0o600;
const LINE_END = 0x0a;

/** Removes the letters of the person from purge files of this deployment. Every other line has the same bytes as before. */
export async function erasePurgeFiles(
  erasure: Erasure,
  { deployment, folder, files }: FilesRequest,
): Promise<readonly ErasedFile[]> {
  const named = (await readdir(folder)).filter((name) => NAME.test(name)).map((name) => join(folder, name));
  const erased: ErasedFile[] = [];
  for (const file of new Set([...named, ...files])) {
    if (erasure.signal.aborted) break;
    try {
      const table = await tableOf(deployment, file);
      if (table === OTHERS) {
        if (files.includes(file))
          erasure.notes.left.push({
            what: file,
            why: 'it is of another deployment; run the command for that one',
          });
        continue;
      }
      erased.push({ file, removed: await eraseFile(erasure, file, table) });
    } catch (error) {
      // The file stays as it is. The next one is looked at all the same.
      erasure.notes.problems.push({
        resource: 'purge file',
        name: file,
        missing: false,
        reason: reasonOf(error),
      });
    }
  }
  return erased;
}

const OTHERS = Symbol('of another deployment');

/** The table of the consumer whose letters are in a file; undefined when the consumer is gone. */
async function tableOf(
  { app, stage, consumers }: FilesRequest['deployment'],
  file: string,
): Promise<string | undefined | typeof OTHERS> {
  const head = await readPurgeFileHead(file);
  const owner = ownerName({ app: head.app ?? app, stage: head.stage });
  const consumer = consumers.find((one) => one.owner === owner && one.name === head.consumer);
  if (consumer) return consumer.idempotencyTable;
  return owner === ownerName({ app, stage }) ? undefined : OTHERS;
}

/**
 * Writes a new file beside the old one, and puts it in its place in one step. So there is a whole file at any time.
 *
 * @returns how many lines were removed
 */
async function eraseFile(erasure: Erasure, file: string, table: string | undefined): Promise<number> {
  const beside = `${file}.erasing`;
  // A run that was killed may have left one.
  await rm(beside, { force: true });
  const output = erasure.dryRun ? undefined : await open(beside, 'wx', OWNER_ONLY);
  const { size } = await stat(file);
  let removed = 0;
  let number = 0;
  let isWhole = false;
  try {
    for await (const line of linesOf(file)) {
      number += 1;
      if (await eraseLine(erasure, { line, table, where: `line ${number} of ${file}` })) removed += 1;
      else await output?.write(line);
    }
    await output?.sync();
    if ((await stat(file)).size !== size) throw new Error('it is being written; run the command again');
    isWhole = true;
  } finally {
    await output?.close();
    if (removed === 0 || !isWhole) await rm(beside, { force: true });
  }
  if (removed > 0 && output) await rename(beside, file);
  return removed;
}

interface Line {
  readonly line: Buffer;
  readonly table: string | undefined;
  readonly where: string;
}

/** @returns whether the line is the person's. What it leads to is erased then. */
async function eraseLine(erasure: Erasure, { line, table, where }: Line): Promise<boolean> {
  const message = messageOf(line.toString('utf8'));
  if (message === undefined) {
    if (erasure.subjects.isNamedIn(line.toString('utf8')))
      erasure.notes.left.push({ what: where, why: 'it is no purged message, but it names the person' });
    return false;
  }
  const judged = await judgeMessage(erasure, message.body);
  noteUnjudged(erasure, judged, where);
  const { whose, event } = judged;
  if (whose !== 'theirs' || !event) return false;
  const { replay } = message;
  if (table !== undefined) erasure.notes.purged.add(noteOf(table, recordKey(event, replay)));
  await eraseLargeData(erasure, event);
  await eraseRecords(erasure, [event], replay ? [replay] : []);
  return true;
}

interface PurgedMessage {
  readonly body: string;
  /** The replay that has sent it. */
  readonly replay: Replay | undefined;
}

/** The message in a line; undefined when the line has none. */
function messageOf(line: string): PurgedMessage | undefined {
  try {
    const { data } = Object(JSON.parse(line));
    if (!isJsonObject(data) || typeof data.body !== 'string') return undefined;
    return { body: data.body, replay: replayOf(Object(data.messageAttributes)) };
  } catch {
    // The purge was killed while it wrote this line.
    return undefined;
  }
}

function replayOf(attributes: Parameters<typeof readReplay>[0]): Replay | undefined {
  try {
    return readReplay(attributes);
  } catch (error) {
    // No replay of this bus has sent it: then it is the message of its event.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The lines of a file with their ends. The last one may have none. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END)) {
      yield rest.subarray(0, end + 1);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest;
}
