import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { AlarmState, LocalAlarm } from './alarms.ts';

/** What an alarm notification needs: the SNS client, and the region and account that it names. */
export interface AlarmOrigin {
  readonly sns: SNSClient;
  readonly region: string;
  readonly account: string;
}

const ACTIONS = {
  ALARM: 'AlarmActions',
  OK: 'OKActions',
  INSUFFICIENT_DATA: 'InsufficientDataActions',
} as const satisfies Record<AlarmState, string>;

/**
 * Publishes a change of an alarm's state to the topics that are its actions for the new state, as CloudWatch does.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export async function notifyTopics(
  origin: AlarmOrigin,
  alarm: LocalAlarm,
  before: AlarmState,
): Promise<void> {
  const { configuration, name, state } = alarm;
  const { ActionsEnabled = true, [ACTIONS[state]]: actions = [] } = configuration;
  if (!ActionsEnabled) return;
  const topics = actions.filter((arn) => arn.startsWith('arn:') && arn.split(':')[2] === 'sns');
  const Message = JSON.stringify(describeChange(origin, alarm, before));
  const Subject = `${state}: "${name}" in ${origin.region}`;
  await Promise.all(
    topics.map((TopicArn) => origin.sns.send(new PublishCommand({ TopicArn, Subject, Message }))),
  );
}

function describeChange({ region, account }: AlarmOrigin, alarm: LocalAlarm, before: AlarmState): object {
  const { name, description, state, reason, since, configuration } = alarm;
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [], ...Trigger } = configuration;
  return {
    AlarmName: name,
    AlarmDescription: description,
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: since,
    Region: region,
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    OldStateValue: before,
    OKActions,
    AlarmActions,
    InsufficientDataActions,
    Trigger,
  };
}
