import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import type { Finding } from './finding.ts';

/** Reports the alarms that are on. */
export function checkAlarms(alarms: readonly MetricAlarm[], where: Whereabouts): readonly Finding[] {
  return alarms
    .filter(({ StateValue }) => StateValue === 'ALARM')
    .map(({ AlarmName, StateReason }) => ({
      severity: 'error',
      resource: `alarm ${AlarmName}`,
      detail: `is on: ${StateReason}`,
      remedy: `look at its description; ${fanfareCommand('status', where)} shows the consumer`,
    }));
}

/** Reports when the alarm topic has no confirmed subscriber. */
export async function checkListeners(
  { sns }: Pick<OpsClients, 'sns'>,
  TopicArn: string,
): Promise<readonly Finding[]> {
  const arns: string[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client: sns },
    { TopicArn },
  )) {
    arns.push(...Subscriptions.map(({ SubscriptionArn = '' }) => SubscriptionArn));
  }
  const confirmed = arns.filter((arn) => arn.startsWith('arn:'));
  if (confirmed.length > 0) return [];
  return [
    {
      severity: 'warning',
      resource: 'alarm topic',
      detail:
        arns.length > 0 ? 'has no confirmed subscription' : 'has no subscriber: nobody is notified of alarms',
      remedy:
        arns.length > 0
          ? 'open the link in the mail that AWS sent'
          : 'deploy with -c alarmEmail=you@example.com, or subscribe the person on duty',
    },
  ];
}
