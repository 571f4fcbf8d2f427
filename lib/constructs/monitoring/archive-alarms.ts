import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ArchivePlan } from '../archive/archive-plan.ts';
import type { ConsumerQueues } from '../consumer/consumer-queues.ts';
import type { TopicSubscription } from '../consumer/topic-subscription.ts';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';
import { lyingIn } from './consumer-alarms.ts';

export interface ArchiveAlarmsProps {
  readonly archive: { readonly queues: ConsumerQueues; readonly subscription: TopicSubscription };
  readonly bus: { readonly alarmTopic: ITopic; readonly runbookUrl: string };
  readonly plan: ArchivePlan;
}

/** The alarms of the archive: each says that events are not in it. */
export class ArchiveAlarms extends Construct {
  constructor(scope: Construct, id: string, { archive, bus, plan }: ArchiveAlarmsProps) {
    super(scope, id);
    const { queues, subscription } = archive;
    const { alarmTopic: topic, runbookUrl } = bus;
    new NotifyingAlarm(this, 'ArchiveDeadLetters', {
      metric: lyingIn(queues.deadLetterQueue),
      description:
        'Messages that the archive could not take are in its dead-letter queue. Read the log of its function for the reason: they are no ' +
        'events, or S3 did not take them for hours. Repair the cause, then redrive the queue.',
      topic,
      runbookUrl,
    });
    new NotifyingAlarm(this, 'ArchiveUndelivered', {
      metric: lyingIn(subscription.undeliveredQueue),
      description:
        "SNS could not deliver events to the queue of the archive. Check the queue's policy and encryption, then send the messages on to the " +
        'queue.',
      topic,
      runbookUrl,
    });
    new NotifyingAlarm(this, 'ArchiveAge', {
      metric: queues.queue.metricApproximateAgeOfOldestMessage({
        period: ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      // Longer than an event needs that fails once, and is tried again after its visibility timeout.
      above: 2 * plan.visibilitySeconds,
      description:
        'Events wait too long to be archived: the function fails, is throttled, or S3 refuses what it writes. Read its log for the reason. ' +
        'Nothing is lost while they wait, for 7 days.',
      topic,
      runbookUrl,
    });
  }
}
