import type { OpsClients } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import { count, missingOf, type Trouble } from './trouble.ts';

/** The current state of the archive of a bus. A value that could not be read is null. */
export interface ArchiveStatus {
  /** Events that wait to be archived, with those that Lambda gathers for a batch. */
  readonly waiting: number | null;
  readonly dead: number | null;
  readonly undelivered: number | null;
}

/** What was read of an archive. */
export interface ArchiveReading {
  readonly archive: ArchiveStatus;
  readonly trouble: readonly Trouble[];
  readonly problems: readonly Problem[];
}

/** Reads the queues of an archive: three requests. Whether events wait too long, its alarm says. */
export async function readArchive(
  clients: Pick<OpsClients, 'sqs'>,
  { queueUrl, deadLetterQueueUrl, undeliveredQueueUrl }: DeployedArchive,
): Promise<ArchiveReading> {
  const read = (resource: string, url: string) =>
    attempt({ resource: `${resource} of the archive`, name: queueName(url) }, countMessages(clients, url));
  const parts = await Promise.all([
    read('queue', queueUrl),
    read('dead-letter queue', deadLetterQueueUrl),
    read('undelivered queue', undeliveredQueueUrl),
  ]);
  const problems = parts.flatMap((part) => part.problems);
  const [waiting = null, dead = null, undelivered = null] = parts.map(({ value }) => value && totalOf(value));
  return {
    archive: { waiting, dead, undelivered },
    trouble: troubleOf(dead, undelivered, problems),
    problems,
  };
}

function troubleOf(
  dead: number | null,
  undelivered: number | null,
  problems: readonly Problem[],
): readonly Trouble[] {
  return [
    ...missingOf(problems),
    ...(dead ? [{ kind: 'dead' as const, detail: `${count(dead, 'dead letter')} of the archive` }] : []),
    ...(undelivered
      ? [
          {
            kind: 'undelivered' as const,
            detail: `${count(undelivered, 'event')} that SNS could not deliver to the archive`,
          },
        ]
      : []),
  ];
}
