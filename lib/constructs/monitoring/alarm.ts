import { Duration, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** SQS and Lambda report every minute. */
export const ALARM_PERIOD = Duration.minutes(1);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const MAX_DESCRIPTION_LENGTH = 1_024;

export interface NotifyingAlarmProps {
  readonly metric: IMetric;
  /** What has happened, and what to do about it: the text of the notification. */
  readonly description: string;
  /** The alarm is raised above this. @default 0 */
  readonly above?: number;
  /** How many minutes are looked at; one that is too high is enough. @default 1 */
  readonly ofMinutes?: number;
  /** Told when the alarm is raised, and when it is over. */
  readonly topic: ITopic;
  /** Where the runbook is; the description ends with a link to the heading that has the alarm's construct id. */
  readonly runbookUrl: string;
}

/**
 * An alarm that notifies the alarm topic when it is raised and when it is over, so that an incident that it has opened is closed again.
 * Missing data counts as OK: idle queues and functions report none.
 *
 * @throws RangeError when CloudWatch would not take the description
 */
export class NotifyingAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: NotifyingAlarmProps) {
    super(scope, id, {
      metric: props.metric,
      alarmDescription: describe(id, props),
      threshold: props.above ?? 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.ofMinutes ?? 1,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(props.topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}

function describe(id: string, { description, runbookUrl }: NotifyingAlarmProps): string {
  const text = `${description} Runbook: ${runbookUrl}#${id.toLowerCase()}`;
  if (!Token.isUnresolved(text) && text.length > MAX_DESCRIPTION_LENGTH) {
    throw new RangeError(
      `the description of alarm ${id} has ${text.length} characters; CloudWatch takes ${MAX_DESCRIPTION_LENGTH}: shorten it, or -c runbookUrl`,
    );
  }
  return text;
}
