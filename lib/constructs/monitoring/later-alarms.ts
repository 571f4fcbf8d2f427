import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ConsumerQueues } from '../consumer/consumer-queues.ts';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';
import { lyingIn } from './consumer-alarms.ts';

export interface LaterAlarmsProps {
  readonly queues: ConsumerQueues;
  readonly scheduleDeadLetterQueue: Queue;
  readonly topic: ITopic;
  readonly runbookUrl: string;
}

/** A message is in the queue for 15 minutes at most, if nothing fails, and for some more when its schedule fires early. */
const LATE_SECONDS = 1_800;

/** The alarms of events that come later: each says that some do not come, or too late. */
export class LaterAlarms extends Construct {
  constructor(scope: Construct, id: string, props: LaterAlarmsProps) {
    super(scope, id);
    const { queues, scheduleDeadLetterQueue, ...notified } = props;
    new NotifyingAlarm(this, 'LaterDeadLetters', {
      metric: lyingIn(queues.deadLetterQueue),
      description:
        'Events that come later were given up: they are no events, or the topic or EventBridge Scheduler has refused them for good. Read the ' +
        'reason in the message attribute errorMessage, repair the cause, then redrive the queue.',
      ...notified,
    });
    new NotifyingAlarm(this, 'ScheduleDeadLetters', {
      metric: lyingIn(scheduleDeadLetterQueue),
      description:
        'EventBridge Scheduler could not send events to the queue of later events for a day. Read the message attribute ERROR_MESSAGE: the role ' +
        'of the schedules or the policy of the queue is wrong. Repair it, then send the messages on to the queue of later events.',
      ...notified,
    });
    new NotifyingAlarm(this, 'LaterAge', {
      metric: queues.queue.metricApproximateAgeOfOldestMessage({
        period: ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      above: LATE_SECONDS,
      description:
        'Events that come later are late: the function later fails, is throttled, or the topic refuses them. Read its log for the reason. ' +
        'Nothing is lost while they wait, for 7 days.',
      ...notified,
    });
  }
}
