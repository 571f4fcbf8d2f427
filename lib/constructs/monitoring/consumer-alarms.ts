import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import { BREAKER_OPEN, INTAKE_NAMESPACE } from '../../intake/breaker-metric.ts';
import type { ConsumerPlan } from '../consumer/consumer-plan.ts';
import type { ConsumerQueues } from '../consumer/consumer-queues.ts';
import type { TopicSubscription } from '../consumer/topic-subscription.ts';
import type { BundledFunction } from '../function/bundled-function.ts';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';

/** A rise is seen even if SQS reports it a little late, and the alarm is soon ready for the next. */
const ARRIVAL_WINDOW_MINUTES = 3;

/** The controller writes the metric every two minutes or more often. */
const BREAKER_MINUTES = 5;

export interface ConsumerAlarmsProps {
  readonly consumer: {
    readonly definition: ConsumerDefinition;
    readonly queues: ConsumerQueues;
    readonly subscription: TopicSubscription;
    readonly function: BundledFunction;
  };
  readonly topic: ITopic;
  /** Where the runbook is. */
  readonly runbookUrl: string;
  readonly plan: ConsumerPlan;
  /** What the consumer is called in the deployment of the bus. */
  readonly label: string;
  readonly busName: string;
}

/** The alarms of one consumer; each description says what to do. */
export class ConsumerAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { consumer, plan, label, busName, ...notified }: ConsumerAlarmsProps,
  ) {
    super(scope, id);
    const { definition, queues, subscription } = consumer;
    const { name } = definition;
    const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
    const alarm = (alarmId: string, metric: IMetric, description: string, above = 0): NotifyingAlarm =>
      new NotifyingAlarm(this, alarmId, { metric, description, above, ...notified });

    alarm(
      'DeadLetters',
      lyingIn(queues.deadLetterQueue),
      `Events that ${name} gave up are in its dead-letter queue. Read the reason (message attribute errorMessage, or ` +
        'error in the idempotency record), repair the cause, then redrive the queue.',
    );
    new NotifyingAlarm(this, 'DeadLettersArriving', {
      metric: arriving(queues.deadLetterQueue),
      description:
        `In alarm: ${name} has just given up another event; look at the log of its function for what breaks it. OK: no further one for ` +
        'some minutes; what it gave up is there until it is redriven (alarm DeadLetters).',
      ofMinutes: ARRIVAL_WINDOW_MINUTES,
      ...notified,
    });
    alarm(
      'Undelivered',
      lyingIn(subscription.undeliveredQueue),
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
      `Lambda refused to run ${name}: the concurrency of the account is used up. Its events wait, which is no ` +
        'attempt. Find what uses it, or ask for a higher quota.',
    );
    if (breakerOf(definition))
      new NotifyingAlarm(this, 'BreakerOpen', {
        metric: new Metric({
          namespace: INTAKE_NAMESPACE,
          metricName: BREAKER_OPEN,
          dimensionsMap: { bus: busName, consumer: label },
          ...HIGHEST,
        }),
        ofMinutes: BREAKER_MINUTES,
        description:
          `What ${name} calls does not answer, so its intake is stopped. Its events wait and count no attempt; one of them is tried now and ` +
          'then. In OK again: one has succeeded, and the others follow. fanfare status says since when and why.',
        ...notified,
      });
  }
}

const HIGHEST = { period: ALARM_PERIOD, statistic: 'Maximum' };

/**
 * All messages of a queue without a consumer, in flight included: `dlq list` hides messages for a minute, and an alarm over the visible ones
 * alone would go to OK and come back. For a dead-letter queue no other metric counts everything: NumberOfMessagesSent leaves out what SQS
 * itself moves there.
 *
 * CloudWatch counts both metrics of the sum: the alarm costs 0.20 dollars a month instead of 0.10.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function lyingIn(queue: Queue): IMetric {
  return sumOf(queue, 'visible + inFlight', 'messages in the queue');
}

/**
 * Is raised again with every arrival: an alarm over the level alone would stay raised and not show the next one.
 *
 * The first dead letter of an idle queue has no value before it, since idle queues report no metrics; the alarm over the level is raised for
 * that one.
 */
function arriving(queue: Queue): IMetric {
  return sumOf(queue, 'DIFF(visible + inFlight)', 'dead letters arriving');
}

function sumOf(queue: Queue, expression: string, label: string): IMetric {
  return new MathExpression({
    expression,
    label,
    usingMetrics: {
      visible: queue.metricApproximateNumberOfMessagesVisible(HIGHEST),
      inFlight: queue.metricApproximateNumberOfMessagesNotVisible(HIGHEST),
    },
    period: ALARM_PERIOD,
  });
}
