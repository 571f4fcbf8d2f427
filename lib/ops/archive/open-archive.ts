import type { ArchiveStore } from '../../archive/read/archive-store.ts';
import { createS3ArchiveStore } from '../../archive/read/s3-archive-store.ts';
import { createWatermarkPorts } from '../../archive/read/sqs-watermark.ts';
import {
  LOCAL_WATERMARK_MARGIN_MS,
  readWatermark,
  WATERMARK_MARGIN_MS,
} from '../../archive/read/watermark.ts';
import type { OpsClients, Target } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import type { Deployment } from '../deployment.ts';
import { UnreadableError } from '../errors.ts';
import { type Attempt, attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';

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
  /**
   * Looks how far the archive is before something is read from it. The answer says how far that was, when it is called after the reading: up to
   * four requests to SQS, and one to CloudWatch while messages wait.
   */
  beginLook(): Promise<() => Promise<ArchiveState>>;
}

/** What is to be known of a deployment to find its archive. */
type WithArchive = Pick<Deployment, 'archives' | 'busPlace' | 'stackName'>;

/** The archive of the first bus of a deployment. Undefined when the bus has none, or its stack is not here. */
export function archiveOf({
  archives,
  stackName,
}: Pick<Deployment, 'archives' | 'stackName'>): DeployedArchive | undefined {
  return archives.find(({ bus }) => bus === stackName);
}

/** The archive of the first bus of a deployment. @throws UnreadableError when the bus has no archive, or its stack is not here */
export function requireArchive(deployment: WithArchive): DeployedArchive {
  const { busPlace, stackName } = deployment;
  const archive = archiveOf(deployment);
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
  deployment: WithArchive,
  place: Pick<Target, 'kind'>,
): Promise<OpenArchive> {
  const archive = requireArchive(deployment);
  return {
    store: createS3ArchiveStore(await clients.s3(), archive.bucketName),
    beginLook: () => beginLook(clients, archive, place.kind === 'local'),
  };
}

type Queues = Pick<DeployedArchive, 'queueUrl' | 'deadLetterQueueUrl' | 'undeliveredQueueUrl'>;

/** The time between its two looks is that of the reading, which would otherwise be waited for. */
async function beginLook(
  clients: Pick<OpsClients, 'sqs' | 'cloudWatch'>,
  queues: Queues,
  isLocal: boolean,
): Promise<() => Promise<ArchiveState>> {
  const ports = createWatermarkPorts(clients, queues.queueUrl);
  const [looked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const watermark = readWatermark(
    {
      ...ports,
      look: () => ports.look().finally(looked.resolve),
      sleep: async (milliseconds) => {
        await Promise.all([over.promise, isLocal ? undefined : ports.sleep(milliseconds)]);
      },
    },
    isLocal ? LOCAL_WATERMARK_MARGIN_MS : WATERMARK_MARGIN_MS,
  );
  const reading = attempt({ resource: 'queue', name: queueName(queues.queueUrl) }, watermark);
  await looked.promise;
  return async () => {
    over.resolve();
    return stateOf(clients, queues, await reading);
  };
}

async function stateOf(
  clients: Pick<OpsClients, 'sqs'>,
  { deadLetterQueueUrl, undeliveredQueueUrl }: Queues,
  watermark: Attempt<number | undefined>,
): Promise<ArchiveState> {
  const counts = await Promise.all(
    [deadLetterQueueUrl, undeliveredQueueUrl].map((url) =>
      attempt({ resource: 'queue', name: queueName(url) }, countMessages(clients, url).then(totalOf)),
    ),
  );
  const missing = counts.map(({ value }) => value);
  return {
    watermark: watermark.value ?? null,
    missing: missing.every((count) => count !== null) ? missing.reduce((sum, count) => sum + count, 0) : null,
    problems: [watermark, ...counts].flatMap(({ problems }) => problems),
  };
}
