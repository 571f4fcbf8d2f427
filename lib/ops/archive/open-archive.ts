import type { ArchiveStore } from '../../archive/read/archive-store.ts';
import { createS3ArchiveStore } from '../../archive/read/s3-archive-store.ts';
import { createWatermarkPorts } from '../../archive/read/sqs-watermark.ts';
import { readWatermark, WATERMARK_MARGIN_MS } from '../../archive/read/watermark.ts';
import type { OpsClients, Target } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { Deployment } from '../deployment.ts';
import { UnreadableError } from '../errors.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import type { DeployedArchive } from './deployed-archive.ts';

/** How far an archive is. */
export interface ArchiveState {
  /** Every event that reached the archive before it is in an object, but for those in `missing`; epoch milliseconds. Null: not known. */
  readonly watermark: number | null;
  /** Messages that could not be archived, or not be delivered to the archive. Null: not known. */
  readonly missing: number | null;
  /** What could not be read of this. */
  readonly problems: readonly Problem[];
}

/** An archive that can be read. */
export interface OpenArchive {
  readonly store: ArchiveStore;
  /** Reads how far it is: up to four requests to SQS, and one to CloudWatch while messages wait. */
  readState(): Promise<ArchiveState>;
}

/** The engines on this machine count exactly, by one clock. */
const LOCAL_MARGIN_MS = 1_000;

/** @throws UnreadableError when the bus has no archive, or its stack is not here */
export function requireArchive({
  archive,
  busPlace,
  stackName,
}: Pick<Deployment, 'archive' | 'busPlace' | 'stackName'>): DeployedArchive {
  if (archive) return archive;
  throw new UnreadableError(
    busPlace === 'here'
      ? `the bus ${stackName} has no archive; deploy it with -c archive=on, and it keeps the events from then on`
      : `the stack ${stackName} of the bus, which has the archive, is not in this account and region`,
  );
}

/** Opens the archive of a deployment. @throws UnreadableError when it has none, or it is not here */
export async function openArchive(
  clients: Pick<OpsClients, 's3' | 'sqs' | 'cloudWatch'>,
  deployment: Pick<Deployment, 'archive' | 'busPlace' | 'stackName'>,
  place: Pick<Target, 'kind'>,
): Promise<OpenArchive> {
  const archive = requireArchive(deployment);
  const marginMs = place.kind === 'local' ? LOCAL_MARGIN_MS : WATERMARK_MARGIN_MS;
  return {
    store: createS3ArchiveStore(await clients.s3(), archive.bucketName),
    readState: () => readState(clients, archive, marginMs),
  };
}

async function readState(
  clients: Pick<OpsClients, 'sqs' | 'cloudWatch'>,
  { queueUrl, deadLetterQueueUrl, undeliveredQueueUrl }: DeployedArchive,
  marginMs: number,
): Promise<ArchiveState> {
  const [watermark, dead, undelivered] = await Promise.all([
    attempt(
      { resource: 'queue', name: queueName(queueUrl) },
      readWatermark(createWatermarkPorts(clients, queueUrl), marginMs),
    ),
    ...[deadLetterQueueUrl, undeliveredQueueUrl].map(async (url) =>
      attempt({ resource: 'queue', name: queueName(url) }, countMessages(clients, url).then(totalOf)),
    ),
  ]);
  const counts = [dead, undelivered].map((one) => one?.value ?? null);
  return {
    watermark: watermark.value ?? null,
    missing: counts.every((count) => count !== null) ? counts.reduce((a, b) => a + b, 0) : null,
    problems: [watermark, dead, undelivered].flatMap((one) => one?.problems ?? []),
  };
}
