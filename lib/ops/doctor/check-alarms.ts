import { type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { queueName } from '../queue-name.ts';
import type { Finding } from './finding.ts';

/** Alarms that are there, that tell somebody, and that are quiet. */
export async function checkAlarms(
  clients: Pick<OpsClients, 'cloudWatch' | 'sns'>,
  deployment: Deployment,
): Promise<readonly Finding[]> {
  const stacks = [deployment, ...deployment.consumers];
  const alarms: MetricAlarm[] = [];
  for (const { stackName } of stacks) {
    const pages = paginateDescribeAlarms(
      { client: clients.cloudWatch },
      { AlarmNamePrefix: `${stackName}-` },
    );
    for await (const { MetricAlarms = [] } of pages) alarms.push(...MetricAlarms);
  }
  return [
    ...alarms.flatMap(checkAlarm),
    ...deployment.consumers.flatMap((consumer) => checkWatched(consumer, alarms)),
    ...(await checkListeners(clients, deployment)),
  ];
}

function checkAlarm(alarm: MetricAlarm): Finding[] {
  const { AlarmName, StateValue, StateReason, ActionsEnabled = true, AlarmActions = [] } = alarm;
  const resource = `alarm ${AlarmName}`;
  const findings: Finding[] = [];
  if (StateValue === 'ALARM') {
    findings.push({
      severity: 'error',
      resource,
      detail: `is on: ${StateReason}`,
      remedy: 'look at its description; npx fanfare status shows the consumer',
    });
  }
  if (!ActionsEnabled || AlarmActions.length === 0) {
    findings.push({
      severity: 'error',
      resource,
      detail: ActionsEnabled ? 'has no action: it tells nobody' : 'has its actions turned off',
      remedy: 'deploy its stack again, or turn its actions on',
    });
  }
  return findings;
}

/** What the alarm looks at is in its metrics, or in those of its expression. */
function checkWatched(
  { name, deadLetterQueueUrl }: DeployedConsumer,
  alarms: readonly MetricAlarm[],
): Finding[] {
  const queue = queueName(deadLetterQueueUrl);
  if (JSON.stringify(alarms).includes(`"${queue}"`)) return [];
  return [
    {
      severity: 'error',
      resource: `dead-letter queue of ${name}`,
      detail: 'is watched by no alarm',
      remedy: `deploy the stack of ${name} again`,
    },
  ];
}

async function checkListeners(
  { sns }: Pick<OpsClients, 'sns'>,
  { alarmTopicArn: TopicArn }: Deployment,
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
        arns.length > 0
          ? 'nobody has confirmed the subscription to it'
          : 'has no subscriber: alarms reach nobody',
      remedy:
        arns.length > 0
          ? 'open the link in the mail that AWS has sent'
          : 'deploy with -c alarmEmail=you@example.com, or subscribe whoever is on duty',
    },
  ];
}
