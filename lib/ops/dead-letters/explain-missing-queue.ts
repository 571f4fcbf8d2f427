import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { DeployedConsumer } from '../deployment.ts';
import { UnreadableError } from '../errors.ts';

/**
 * Calls `ask`, and explains the error when the queue does not exist: somebody has deleted by hand a queue that a stack has.
 *
 * @throws UnreadableError that names the queue and the consumer, and says what to do
 */
export async function explainMissingQueue<T>(
  { label, stackName }: Pick<DeployedConsumer, 'label' | 'stackName'>,
  role: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof QueueDoesNotExist)) throw cause;
    throw new UnreadableError(
      `the ${role} of ${label} does not exist; deploy its stack ${stackName} so that it is created again`,
      { cause },
    );
  }
}
