import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { readResources } from '../doctor/read-stacks.ts';
import { readSchedule } from '../scheduled/read-scheduled.ts';
import type { ScheduledEvent } from '../scheduled/scheduled-event.ts';

/**
 * Reads the events that the bus publishes by itself, again and again: a request for each schedule in the stack of the bus. One that somebody has
 * disabled publishes nothing, so it is left out. None where the bus is of a version without schedules, or in another account.
 */
export async function readRecurring(
  clients: Pick<OpsClients, 'cloudFormation' | 'scheduler'>,
  { stackName, scheduled }: Pick<Deployment, 'stackName' | 'scheduled'>,
): Promise<readonly ScheduledEvent[]> {
  if (scheduled === undefined) return [];
  const resources = [...(await readResources(clients, { id: stackName })).values()];
  const names = resources.flatMap(({ type, physicalId }) =>
    type === 'AWS::Scheduler::Schedule' ? physicalId : [],
  );
  if (names.length === 0) return [];
  const scheduler = await clients.scheduler();
  const read = await Promise.all(names.map((name) => readSchedule(scheduler, scheduled.groupName, name)));
  return read.flatMap((one) =>
    one !== undefined && 'expression' in one && one.expression !== undefined && one.isEnabled ? [one] : [],
  );
}
