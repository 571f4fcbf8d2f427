import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import { countMessages } from '../count-messages.ts';
import type { Deployment } from '../deployment.ts';

/** What a queue is to a consumer, or to an archive. */
type HoldingRole = 'queue' | 'dead-letter queue' | 'undelivered queue';

/** A queue that is not empty. */
export interface HeldMessages {
  /** Label of the consumer, or of the bridge; of an archive, the name of the stack of its bus. */
  readonly consumer: string;
  readonly role: HoldingRole | `${HoldingRole} of the archive` | 'dead-letter queue of a bridge';
  readonly queueUrl: string;
  /** Can be received. */
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  /** Not yet visible. */
  readonly delayed: number;
}

/**
 * Finds the queues that are not empty, of three queues of each consumer and archive, and one of each bridge: one request for each queue. SQS counts approximately: a message may
 * be counted up to a minute after it was sent.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function findHeldMessages(
  clients: Pick<OpsClients, 'sqs'>,
  { consumers, bridges, archives }: Pick<Deployment, 'consumers' | 'bridges' | 'archives'>,
): Promise<readonly HeldMessages[]> {
  const ofConsumers = consumers.flatMap(({ label, queueUrl, deadLetterQueueUrl, undeliveredQueueUrl }) => [
    { consumer: label, role: 'queue' as const, queueUrl },
    { consumer: label, role: 'dead-letter queue' as const, queueUrl: deadLetterQueueUrl },
    { consumer: label, role: 'undelivered queue' as const, queueUrl: undeliveredQueueUrl },
  ]);
  const ofBridges = bridges.map(({ label, deadLetterQueueUrl }) => ({
    consumer: label,
    role: 'dead-letter queue of a bridge' as const,
    queueUrl: deadLetterQueueUrl,
  }));
  const ofArchives = archives.flatMap(({ bus, queueUrl, deadLetterQueueUrl, undeliveredQueueUrl }) => [
    { consumer: bus, role: 'queue of the archive' as const, queueUrl },
    { consumer: bus, role: 'dead-letter queue of the archive' as const, queueUrl: deadLetterQueueUrl },
    { consumer: bus, role: 'undelivered queue of the archive' as const, queueUrl: undeliveredQueueUrl },
  ]);
  const counted = await Promise.all(
    [...ofConsumers, ...ofBridges, ...ofArchives].map(async (queue) => {
      const { waiting, inFlight, delayed } = await countMessages(clients, queue.queueUrl).catch(noneIfGone);
      return { ...queue, visible: waiting, inFlight, delayed };
    }),
  );
  return counted.filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0);
}

/** A queue that does not exist has no messages: somebody deleted it by hand. */
function noneIfGone(error: unknown) {
  if (error instanceof QueueDoesNotExist) return { waiting: 0, inFlight: 0, delayed: 0 };
  throw error;
}
