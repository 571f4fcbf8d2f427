import { MAX_RETENTION_DAYS } from '../../aws-limits.ts';
import type { OpsClients } from '../../clients.ts';
import { checkReaders, count } from '../check-consumer.ts';
import type { Finding } from '../finding.ts';
import { look } from '../look.ts';
import type { DeployedStack } from '../read-stacks.ts';

/** Checks what no template shows of the later events of a bus: those that do not come any more, and other functions that receive them. */
export async function checkLater(clients: OpsClients, stack: DeployedStack): Promise<readonly Finding[]> {
  const { LaterQueueUrl, LaterDeadLetterQueueUrl, ScheduleDeadLetterQueueUrl } = stack.outputs;
  if (!LaterQueueUrl || !LaterDeadLetterQueueUrl || !ScheduleDeadLetterQueueUrl) return [];
  const name = `the later events of ${stack.stackName}`;
  const [dead, unsent] = [
    `dead-letter queue of ${name}`,
    `dead-letter queue of the schedules of ${stack.stackName}`,
  ];
  const found = await Promise.all([
    look(dead, async () => describeDead(dead, await count(clients, LaterDeadLetterQueueUrl))),
    look(unsent, async () => describeUnsent(unsent, await count(clients, ScheduleDeadLetterQueueUrl))),
    look(`queue of ${name}`, () => checkReaders(clients, stack, { name, queueUrl: LaterQueueUrl })),
  ]);
  return found.flat();
}

function describeDead(resource: string, dead: number): readonly Finding[] {
  if (dead === 0) return [];
  return [
    {
      severity: 'warning',
      resource,
      detail: `holds ${dead === 1 ? '1 message' : `${dead} messages`} that could not be published, for ${MAX_RETENTION_DAYS} days`,
      remedy: 'see docs/runbook.md#laterdeadletters',
    },
  ];
}

function describeUnsent(resource: string, unsent: number): readonly Finding[] {
  if (unsent === 0) return [];
  const events = unsent === 1 ? '1 event' : `${unsent} events`;
  return [
    {
      severity: 'error',
      resource,
      detail: `holds ${events} that EventBridge Scheduler could not send to the queue of later events, for ${MAX_RETENTION_DAYS} days`,
      remedy: 'see docs/runbook.md#scheduledeadletters',
    },
  ];
}
