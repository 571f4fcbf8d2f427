import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { OpsClients } from './clients.ts';
import { countMessages } from './count-messages.ts';
import type { Deployment } from './deployment.ts';

/** A queue that is not empty. */
export interface HeldMessages {
  /** Label of the consumer, or of the bridge. */
  readonly consumer: string;
  readonly role: 'queue' | 'dead-letter queue' | 'undelivered queue' | 'dead-letter queue of a bridge';
  readonly queueUrl: string;
  /** Can be received. */
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  /** Not yet visible. */
  readonly delayed: number;
}

/**
 * Finds the queues that are not empty, of three queues of each consumer and one of each bridge: one request for each queue. SQS counts approximately: a message may
 * be counted up to a minute after it was sent.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function findHeldMessages(
  clients: Pick<OpsClients, 'sqs'>,
  { consumers, bridges }: Pick<Deployment, 'consumers' | 'bridges'>,
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
  const counted = await Promise.all(
    [...ofConsumers, ...ofBridges].map(async (queue) => {
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
