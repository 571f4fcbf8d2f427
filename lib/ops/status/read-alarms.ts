import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';

/**
 * Names of the alarms of a deployment that are on, by the name of their stack. Alarms of other stacks than a consumer's belong to the bus.
 */
export async function readAlarms(
  { cloudWatch }: Pick<OpsClients, 'cloudWatch'>,
  { stackName: bus, stacks, consumers, incomplete }: Deployment,
): Promise<ReadonlyMap<string, readonly string[]>> {
  // The name of an alarm begins with the name of its stack.
  const AlarmNamePrefix = commonBeginning(stacks.map(({ stackName }) => stackName));
  const incompleteConsumers = incomplete.filter(({ bridge }) => bridge === undefined);
  const ofConsumers = new Set([...consumers, ...incompleteConsumers].map(({ stackName }) => stackName));
  const names = new Map<string, string[]>();
  const pages = paginateDescribeAlarms(
    { client: cloudWatch },
    {
      AlarmNamePrefix: AlarmNamePrefix || undefined,
      StateValue: 'ALARM',
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    },
  );
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
    for (const { AlarmName = '' } of [...MetricAlarms, ...CompositeAlarms]) {
      // Another stage may have alarm names with the same beginning.
      const stack = stacks.find(({ stackName }) => AlarmName.startsWith(`${stackName}-`));
      if (!stack) continue;
      const owner = ofConsumers.has(stack.stackName) ? stack.stackName : bus;
      names.set(owner, [...(names.get(owner) ?? []), AlarmName]);
    }
  }
  return names;
}

function commonBeginning([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  while (!others.every((other) => other.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}
