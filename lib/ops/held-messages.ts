import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { OpsClients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { countMessages } from './status.ts';

/** A queue that holds messages. */
export interface HeldMessages {
  readonly consumer: string;
  readonly role: 'queue' | 'dead-letter queue' | 'undelivered queue';
  readonly queueUrl: string;
  /** Anybody may receive them. */
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  /** Sent to be received later. */
  readonly delayed: number;
}

/**
 * Looks at the three queues of every consumer and returns those that are not empty: one request for each queue. SQS counts
 * approximately: a message may be seen up to a minute after it was sent.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function findHeldMessages(
  clients: Pick<OpsClients, 'sqs'>,
  { consumers }: Pick<Deployment, 'consumers'>,
): Promise<readonly HeldMessages[]> {
  const queues = consumers.flatMap(({ name, queueUrl, deadLetterQueueUrl, undeliveredQueueUrl }) => [
    { consumer: name, role: 'queue' as const, queueUrl },
    { consumer: name, role: 'dead-letter queue' as const, queueUrl: deadLetterQueueUrl },
    { consumer: name, role: 'undelivered queue' as const, queueUrl: undeliveredQueueUrl },
  ]);
  const counted = await Promise.all(
    queues.map(async (queue) => {
      const { waiting, inFlight, delayed } = await countMessages(clients, queue.queueUrl).catch(noneIfGone);
      return { ...queue, visible: waiting, inFlight, delayed };
    }),
  );
  return counted.filter(({ visible, inFlight, delayed }) => visible + inFlight + delayed > 0);
}

/** A queue that somebody has deleted by hand holds nothing. */
function noneIfGone(error: unknown) {
  if (error instanceof QueueDoesNotExist) return { waiting: 0, inFlight: 0, delayed: 0 };
  throw error;
}
