import { createS3ArchiveStore } from '../../archive/read/s3-archive-store.ts';
import { LARGE_DATA_DAYS, LARGE_DATA_PREFIX } from '../../contracts/envelope/large-data.ts';
import { openArchive } from '../archive/open-archive.ts';
import type { OpsClients, Target } from '../clients.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import type { Deployment } from '../deployment.ts';
import { attempt } from '../problem.ts';
import { type ArchiveRequest, type ErasedArchive, eraseArchive } from './erase-archive.ts';
import type { Erasure } from './erasure.ts';
import { createObjectStore } from './object-store.ts';

const LARGE_DATA_STAYS = `without an archive it is not known whose these objects are; S3 deletes them after ${LARGE_DATA_DAYS} days`;

/** What was done with the archives of all buses. */
export interface ErasedArchives extends ErasedArchive {
  /** RFC 3339 time: every one of them had what arrived before. Null: not known of one of them. */
  readonly completeUpTo: string | null;
}

export interface ArchivesRequest {
  readonly clients: Pick<OpsClients, 's3' | 'sqs' | 'cloudWatch'>;
  readonly deployment: Pick<Deployment, 'archives' | 'busPlace' | 'dataBucketName'>;
  readonly place: Pick<Target, 'kind'>;
  readonly range: ArchiveRequest['range'];
  readonly onProgress?: ArchiveRequest['onProgress'];
}

/**
 * Erases the events of the persons from the archive of each bus, one after the other; also from what is left of one that was turned off. Whatever
 * is wrong with one is among the problems, and the others are erased all the same: the report has to say what was.
 *
 * @returns the sum; null when there is no archive, or none could be listed
 */
export async function eraseArchives(
  erasure: Erasure,
  request: ArchivesRequest,
): Promise<ErasedArchives | null> {
  const { archives, dataBucketName = '' } = request.deployment;
  const isOff = dataBucketName !== '' && archives.every(({ bucketName }) => bucketName !== dataBucketName);
  const erased: ErasedArchives[] = [];
  let areAllRead = true;
  const take = async (bucketName: string, erasing: () => Promise<ErasedArchives | null>): Promise<void> => {
    if (erasure.signal.aborted && erased.length > 0) return;
    const { value, problems } = await attempt({ resource: 'archive', name: bucketName }, erasing());
    erasure.notes.problems.push(...problems);
    if (value) erased.push(value);
    else if (problems.length > 0) areAllRead = false;
  };
  for (const archive of archives) {
    // With one bus, the key of an object says where it is.
    const named = archives.length === 1 ? '' : `${archive.bus}: `;
    await take(archive.bucketName, () => eraseWithWatermark(erasure, archive, named, request));
  }
  if (isOff) await take(dataBucketName, () => eraseLeftArchive(erasure, dataBucketName, request));
  const [first, ...others] = erased;
  if (first === undefined) return null;
  const sum = others.reduce(add, first);
  return areAllRead ? sum : { ...sum, completeUpTo: null };
}

/**
 * Erases from what a bus has archived before its archive was turned off. Nothing tells whose its large data is, so that is left to S3.
 *
 * @returns null when the bus has archived nothing
 */
async function eraseLeftArchive(
  erasure: Erasure,
  bucketName: string,
  { clients, range, onProgress }: ArchivesRequest,
): Promise<ErasedArchives | null> {
  const s3 = await clients.s3();
  const archive = createS3ArchiveStore(s3, bucketName);
  const objects = createObjectStore(s3, bucketName);
  const erased = await eraseArchive(erasure, { archive, objects, named: '', range, onProgress });
  for await (const { key } of archive.list(LARGE_DATA_PREFIX)) {
    if (erasure.notes.largeData.has(key)) continue;
    erasure.notes.left.push({ what: `${LARGE_DATA_PREFIX} of ${bucketName}`, why: LARGE_DATA_STAYS });
    break;
  }
  return erased.objects === 0 ? null : { ...erased, completeUpTo: erasure.at };
}

/** The objects are listed after the look, so everything that arrived before the watermark is among them. */
async function eraseWithWatermark(
  erasure: Erasure,
  { bus, bucketName }: DeployedArchive,
  named: string,
  { clients, deployment, place, range, onProgress }: ArchivesRequest,
): Promise<ErasedArchives> {
  const { store, beginLook } = await openArchive(clients, { ...deployment, stackName: bus }, place);
  const look = await beginLook();
  const objects = createObjectStore(await clients.s3(), bucketName);
  const erased = await eraseArchive(erasure, { archive: store, objects, named, range, onProgress });
  const { watermark, problems } = await look();
  erasure.notes.problems.push(...problems);
  return { ...erased, completeUpTo: watermark === null ? null : new Date(watermark).toISOString() };
}

function add(a: ErasedArchives, b: ErasedArchives): ErasedArchives {
  const types = [...new Set([...Object.keys(a.events), ...Object.keys(b.events)])];
  const [first = null] = [a.completeUpTo, b.completeUpTo].toSorted();
  return {
    objects: a.objects + b.objects,
    rewritten: a.rewritten + b.rewritten,
    bytes: a.bytes + b.bytes,
    lines: a.lines + b.lines,
    events: Object.fromEntries(types.map((type) => [type, (a.events[type] ?? 0) + (b.events[type] ?? 0)])),
    completeUpTo: a.completeUpTo === null || b.completeUpTo === null ? null : first,
  };
}
