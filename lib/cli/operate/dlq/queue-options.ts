import type { Command } from 'commander';
import { type DeadLetterQueue, deadLetterQueueOf } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { consumerNamed } from '../../../ops/deployment.ts';
import type { Whereabouts } from '../../../ops/fanfare-command.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from '../target.ts';

/** Options that choose a deployment and one of the two dead-letter queues of a consumer. */
export interface QueueOptions extends TargetOptions {
  readonly undelivered: boolean;
}

/** Adds the consumer and the deployment to a command. */
export function ofConsumer(command: Command): Command {
  return withTarget(command.argument('<consumer>', 'name of a consumer, such as email'));
}

/** Adds the consumer, the deployment and the choice of the queue to a command. */
export function ofQueue(command: Command): Command {
  return ofConsumer(command).option(
    '--undelivered',
    'messages that SNS could not deliver, instead of those that the consumer could not handle',
    false,
  );
}

/** The deployment of a connection, for the commands that a message advises. */
export function whereaboutsOf({ place, deployment }: Pick<Connection, 'place' | 'deployment'>): Whereabouts {
  return { place, stage: deployment.stage };
}

/**
 * Connects to the deployment, and calls `work` with the chosen queue of a consumer.
 *
 * @throws UnknownNameError when there is no such consumer
 */
export async function withQueue(
  name: string,
  { undelivered, ...options }: QueueOptions,
  work: (connection: Connection, queue: DeadLetterQueue) => Promise<void>,
): Promise<void> {
  await withDeployment(options, async (connection) => {
    const queue = deadLetterQueueOf(consumerNamed(connection.deployment, name), undelivered);
    await work(connection, queue);
  });
}
