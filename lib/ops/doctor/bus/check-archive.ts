import { MAX_RETENTION_DAYS } from '../../aws-limits.ts';
import type { OpsClients } from '../../clients.ts';
import { checkReaders, count } from '../check-consumer.ts';
import type { Finding } from '../finding.ts';
import { look } from '../look.ts';
import type { DeployedStack } from '../read-stacks.ts';

/** Checks what no template shows of the archive of a bus: what is not in it, and other functions that receive its events. */
export async function checkArchive(clients: OpsClients, stack: DeployedStack): Promise<readonly Finding[]> {
  const { ArchiveQueueUrl, ArchiveDeadLetterQueueUrl, ArchiveUndeliveredQueueUrl } = stack.outputs;
  if (!ArchiveQueueUrl || !ArchiveDeadLetterQueueUrl || !ArchiveUndeliveredQueueUrl) return [];
  const name = `the archive of ${stack.stackName}`;
  const found = await Promise.all([
    look(`dead-letter queue of ${name}`, async () =>
      describeDead(name, await count(clients, ArchiveDeadLetterQueueUrl)),
    ),
    look(`undelivered queue of ${name}`, async () =>
      describeUndelivered(name, await count(clients, ArchiveUndeliveredQueueUrl)),
    ),
    look(`queue of ${name}`, () => checkReaders(clients, stack, { name, queueUrl: ArchiveQueueUrl })),
  ]);
  return found.flat();
}

function describeDead(name: string, dead: number): readonly Finding[] {
  if (dead === 0) return [];
  return [
    {
      severity: 'warning',
      resource: `dead-letter queue of ${name}`,
      detail: `holds ${dead === 1 ? '1 message' : `${dead} messages`} that could not be archived, for ${MAX_RETENTION_DAYS} days`,
      remedy: 'see docs/runbook.md#archivedeadletters',
    },
  ];
}

function describeUndelivered(name: string, undelivered: number): readonly Finding[] {
  if (undelivered === 0) return [];
  return [
    {
      severity: 'error',
      resource: `undelivered queue of ${name}`,
      detail: `SNS could not deliver ${undelivered === 1 ? '1 event' : `${undelivered} events`} to its queue`,
      remedy: 'see docs/runbook.md#archiveundelivered',
    },
  ];
}
