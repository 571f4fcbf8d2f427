import { openArchive } from '../archive/open-archive.ts';
import type { OpsClients, Target } from '../clients.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import type { Deployment } from '../deployment.ts';
import { attempt } from '../problem.ts';
import { type ArchiveRequest, type ErasedArchive, eraseArchive } from './erase-archive.ts';
import type { Erasure } from './erasure.ts';
import { createObjectStore } from './object-store.ts';

/** What was done with the archives of all buses. */
export interface ErasedArchives extends ErasedArchive {
  /** RFC 3339 time: every one of them had what arrived before. Null: not known of one of them. */
  readonly completeUpTo: string | null;
}

export interface ArchivesRequest {
  readonly clients: Pick<OpsClients, 's3' | 'sqs' | 'cloudWatch'>;
  readonly deployment: Pick<Deployment, 'archives' | 'busPlace'>;
  readonly place: Pick<Target, 'kind'>;
  readonly range: ArchiveRequest['range'];
  readonly onProgress?: ArchiveRequest['onProgress'];
}

/**
 * Erases the events of the persons from the archive of each bus, one after the other. Whatever is wrong with one is among the problems, and the
 * others are erased all the same: the report has to say what was.
 *
 * @returns the sum; null when there is no archive, or none could be listed
 */
export async function eraseArchives(
  erasure: Erasure,
  request: ArchivesRequest,
): Promise<ErasedArchives | null> {
  const { archives } = request.deployment;
  let sum: ErasedArchives | null = null;
  let areAllRead = true;
  for (const archive of archives) {
    if (erasure.signal.aborted && sum) break;
    // With one bus, the key of an object says where it is.
    const named = archives.length === 1 ? '' : `${archive.bus}: `;
    const resource = { resource: 'archive', name: archive.bucketName };
    const { value, problems } = await attempt(resource, eraseWithWatermark(erasure, archive, named, request));
    erasure.notes.problems.push(...problems);
    if (value) sum = sum === null ? value : add(sum, value);
    else areAllRead = false;
  }
  return sum && (areAllRead ? sum : { ...sum, completeUpTo: null });
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
