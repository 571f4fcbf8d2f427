import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** SQS and Lambda report every minute. */
export const ALARM_PERIOD = Duration.minutes(1);

export interface NotifyingAlarmProps {
  readonly metric: IMetric;
  /** What has happened, and what to do about it: the text of the notification. */
  readonly description: string;
  /** The alarm is raised above this. @default 0 */
  readonly above?: number;
  /** How many minutes are looked at; one that is too high is enough. @default 1 */
  readonly ofMinutes?: number;
  readonly topic: ITopic;
}

/** An alarm that tells the alarm topic. No data means that nothing happened: idle queues and functions report none. */
export class NotifyingAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: NotifyingAlarmProps) {
    super(scope, id, {
      metric: props.metric,
      alarmDescription: props.description,
      threshold: props.above ?? 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.ofMinutes ?? 1,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(props.topic));
  }
}
