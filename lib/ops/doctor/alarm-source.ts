import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { MAX_ALARM_NAMES } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import type { ComparedStack } from './compared-stack.ts';

/** Reads all alarms of these stacks at the first call. */
export function createAlarmSource(
  { cloudWatch }: Pick<OpsClients, 'cloudWatch'>,
  compared: ReadonlyMap<string, ComparedStack>,
) {
  const names = namesOfAlarms(compared);
  let read: Promise<readonly MetricAlarm[]> | undefined;
  const readAll = async (): Promise<readonly MetricAlarm[]> => {
    const alarms: MetricAlarm[] = [];
    for (let start = 0; start < names.length; start += MAX_ALARM_NAMES) {
      const AlarmNames = names.slice(start, start + MAX_ALARM_NAMES);
      const command = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: MAX_ALARM_NAMES });
      alarms.push(...((await cloudWatch.send(command)).MetricAlarms ?? []));
    }
    return alarms;
  };
  const all = (): Promise<readonly MetricAlarm[]> => {
    read ??= readAll();
    return read;
  };
  return {
    all,
    named: async (name: string) => (await all()).find(({ AlarmName }) => AlarmName === name),
  };
}

function namesOfAlarms(compared: ReadonlyMap<string, ComparedStack>): readonly string[] {
  return [...compared.values()].flatMap(({ resources }) =>
    [...resources.values()].flatMap(({ type, physicalId }) =>
      type === 'AWS::CloudWatch::Alarm' ? [physicalId] : [],
    ),
  );
}
