import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerPlan } from './consumer-plan.ts';

/** A rise is seen even if SQS reports it a little late, and the alarm is soon ready for the next. */
const ARRIVAL_WINDOW_MINUTES = 3;

export interface ConsumerAlarmsProps {
  readonly consumer: Consumer;
  readonly topic: ITopic;
  readonly plan: ConsumerPlan;
}

/** What somebody has to hear of, each with what to do about it. */
export class ConsumerAlarms extends Construct {
  constructor(scope: Construct, id: string, { consumer, topic, plan }: ConsumerAlarmsProps) {
    super(scope, id);
    const { definition, queues, subscription } = consumer;
    const { name } = definition;
    const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
    const alarm = (alarmId: string, metric: IMetric, description: string, above = 0): NotifyingAlarm =>
      new NotifyingAlarm(this, alarmId, { metric, description, above, topic });

    alarm(
      'DeadLetters',
      visible(queues.deadLetterQueue),
      `Events that ${name} gave up are in its dead-letter queue. Read the reason (message attribute errorMessage, or ` +
        'error in the idempotency record), mend the cause, then redrive the queue.',
    );
    new NotifyingAlarm(this, 'DeadLettersArriving', {
      metric: arriving(queues.deadLetterQueue),
      description: `${name} has just given up another event. Whatever breaks it is still going on: look at the log of its function.`,
      ofMinutes: ARRIVAL_WINDOW_MINUTES,
      topic,
    });
    alarm(
      'Undelivered',
      visible(subscription.undeliveredQueue),
      `SNS could not deliver events to the queue of ${name}. Check the queue's policy and encryption, then send the ` +
        'messages on to the queue.',
    );
    alarm(
      'Age',
      queues.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      `Events wait too long for ${name}: it is slower than they come, throttled, or down. Look at its errors and ` +
        'throttles; raise maxConcurrency if it is only slow.',
      // Longer than an event needs that fails once, and is tried again after its visibility timeout.
      Math.max(300, 2 * plan.visibilitySeconds),
    );
    alarm(
      'Errors',
      consumer.function.metricErrors(sum),
      `The function of ${name} crashed or timed out; whole batches come back. Read its log for the reason.`,
    );
    alarm(
      'Throttles',
      consumer.function.metricThrottles(sum),
      `Lambda refused to run ${name}: the concurrency of the account is used up. Each refusal costs its events an ` +
        'attempt. Find what uses it, or ask for a higher quota.',
    );
  }
}

/**
 * What lies in a queue. For a dead-letter queue it is the only count that can be trusted: NumberOfMessagesSent leaves
 * out what SQS itself moves there.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function visible(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' });
}

/**
 * Rises with every arrival: an alarm over the level alone would stay red and say nothing of the next one.
 *
 * Messages in flight count too. Who looks at dead letters hides them for a while, and without this their coming back
 * would look like an arrival. The first dead letter of an idle queue has nothing to differ from, since idle queues
 * report no metrics; the alarm over the level tells of that one.
 */
function arriving(queue: Queue): IMetric {
  const highest = { period: ALARM_PERIOD, statistic: 'Maximum' };
  return new MathExpression({
    expression: 'DIFF(visible + inFlight)',
    label: 'dead letters arriving',
    usingMetrics: {
      visible: visible(queue),
      inFlight: queue.metricApproximateNumberOfMessagesNotVisible(highest),
    },
    period: ALARM_PERIOD,
  });
}
