import type { OpsClients } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import type { DeployedSchedules } from '../scheduled/deployed-schedules.ts';
import { count, missingOf, type Trouble } from './trouble.ts';

/** What was read of later events. */
export interface LaterReading {
  readonly trouble: readonly Trouble[];
  readonly problems: readonly Problem[];
}

/** Reads which later events do not come any more: two requests. Whether some come too late, an alarm says. */
export async function readLater(
  clients: Pick<OpsClients, 'sqs'>,
  { deadLetterQueueUrl, undeliveredQueueUrl }: DeployedSchedules,
): Promise<LaterReading> {
  const read = (resource: string, url: string) =>
    attempt({ resource, name: queueName(url) }, countMessages(clients, url));
  const [dead, unsent] = await Promise.all([
    read('dead-letter queue of later events', deadLetterQueueUrl),
    read('dead-letter queue of the schedules', undeliveredQueueUrl),
  ]);
  const problems = [...dead.problems, ...unsent.problems];
  const [deadLetters, unsentEvents] = [dead, unsent].map(({ value }) => (value ? totalOf(value) : 0));
  return {
    trouble: [
      ...missingOf(problems),
      ...(deadLetters
        ? [{ kind: 'dead' as const, detail: `${count(deadLetters, 'dead letter')} of later events` }]
        : []),
      ...(unsentEvents
        ? [
            {
              kind: 'undelivered' as const,
              detail: `${count(unsentEvents, 'event')} that EventBridge Scheduler could not send to the queue of later events`,
            },
          ]
        : []),
    ],
    problems,
  };
}
