import type { DeployedConsumer } from '../deployment.ts';

/**
 * A queue with failed messages of one consumer. There are two:
 *
 * - the dead-letter queue of its queue, with messages that the consumer could not handle;
 * - the dead-letter queue of its subscription ("undelivered queue"), with messages that SNS could not deliver. SNS writes each message there as
 *   it would have delivered it, raw and with its attributes, without a reason.
 *
 * Move tasks of SQS work only for the first.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json recorded answers of AWS
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export interface DeadLetterQueue {
  readonly role: 'dead-letter queue' | 'undelivered queue';
  readonly url: string;
  readonly consumer: DeployedConsumer;
}

/** A queue whose messages can be looked through. Without a table of idempotency records, there are no reasons to be read. */
export type VisitedQueue = Pick<DeadLetterQueue, 'role' | 'url'> & {
  readonly consumer: Pick<DeployedConsumer, 'label' | 'stackName'> &
    Partial<Pick<DeployedConsumer, 'idempotencyTable'>>;
};

/** @param undelivered whether the undelivered queue is meant; @default false */
export function deadLetterQueueOf(consumer: DeployedConsumer, undelivered = false): DeadLetterQueue {
  return undelivered
    ? { role: 'undelivered queue', url: consumer.undeliveredQueueUrl, consumer }
    : { role: 'dead-letter queue', url: consumer.deadLetterQueueUrl, consumer };
}
