import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from './clients.ts';

/** Numbers of messages in a queue, and its settings. */
export interface MessageCounts {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
}

/** Reads how many messages wait, are in flight and are delayed in a queue. SQS counts approximately. */
export async function countMessages(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
): Promise<MessageCounts> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
        'VisibilityTimeout',
        'DelaySeconds',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    visibilitySeconds: Number(Attributes.VisibilityTimeout ?? 0),
    delaySeconds: Number(Attributes.DelaySeconds ?? 0),
  };
}

/** Number of all messages in a queue. */
export function totalOf({ waiting, inFlight, delayed }: MessageCounts): number {
  return waiting + inFlight + delayed;
}
