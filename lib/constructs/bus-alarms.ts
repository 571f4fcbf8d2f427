import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';
import type { Brakes } from './brakes.ts';
import type { EventBus } from './event-bus.ts';

export interface BusAlarmsProps {
  readonly bus: EventBus;
  readonly brakes: Brakes;
}

/** Refused requests in five minutes: more than the mistakes of somebody who tries something out. */
const MANY_REFUSALS = 100;
/** Of the rate that the API takes: who is told at this share has time to do something. */
const NEAR_THE_RATE = 0.8;
const GIGABYTE = 1024 ** 3;

/** What can go wrong on the way into the bus. */
export class BusAlarms extends Construct {
  constructor(scope: Construct, id: string, { bus, brakes }: BusAlarmsProps) {
    super(scope, id);
    this.#tellOfFailures(bus);
    this.#tellOfRefusals(bus);
    this.#tellOfVolume(bus, brakes);
  }

  #tellOfFailures({ publish, api, alarmTopic: topic }: EventBus): void {
    const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
    new NotifyingAlarm(this, 'PublishErrors', {
      metric: publish.metricErrors(sum),
      description:
        'The publish function crashed or timed out, and a caller got an error. Read its log for the reason; ' +
        'callers may send the same events again, with the same ids.',
      topic,
    });
    new NotifyingAlarm(this, 'PublishThrottles', {
      metric: publish.metricThrottles(sum),
      description:
        'Lambda refused to run the publish function: its own concurrency (publishConcurrency) or that of the ' +
        'account is used up. Find what uses it, or raise it.',
      topic,
    });
    new NotifyingAlarm(this, 'ServerErrors', {
      metric: api.stage.metricServerError(sum),
      description:
        'POST /events answered 5xx: SNS did not take the events, or the publish function failed. Read the access ' +
        'log (status, integrationError) and the log of the publish function.',
      topic,
    });
  }

  #tellOfRefusals({ api, alarmTopic: topic }: EventBus): void {
    new NotifyingAlarm(this, 'ClientErrors', {
      metric: api.stage.metricClientError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: MANY_REFUSALS,
      description:
        'POST /events answered 4xx many times: a producer sends what is refused, or somebody tries the door. The access log says who ' +
        '(caller, subject, sourceIp) and why (status, error).',
      topic,
    });
    // API Gateway has no metric of its own for 429.
    const throttled = new MetricFilter(this, 'Throttled', {
      logGroup: api.accessLog,
      metricNamespace: 'Fanfare',
      metricName: `${api.node.addr}-throttled`,
      metricValue: '1',
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
    });
    new NotifyingAlarm(this, 'ThrottledRequests', {
      metric: throttled.metric({ period: ALARM_PERIOD, statistic: 'Sum' }),
      description:
        'POST /events answered 429: there were more requests than it takes (apiRate, apiBurst), or a producer was over its own limit. The ' +
        'access log says who.',
      topic,
    });
  }

  #tellOfVolume({ api, dataBucket, alarmTopic: topic }: EventBus, brakes: Brakes): void {
    new NotifyingAlarm(this, 'ManyRequests', {
      metric: api.stage.metricCount({ period: ALARM_PERIOD, statistic: 'Sum' }),
      above: brakes.apiRate * 60 * NEAR_THE_RATE,
      description:
        'POST /events is asked nearly as often as it may be (apiRate). If that is right, raise it before callers get 429.',
      topic,
    });
    new NotifyingAlarm(this, 'MuchLargeData', {
      metric: new Metric({
        namespace: 'AWS/S3',
        metricName: 'BucketSizeBytes',
        dimensionsMap: { BucketName: dataBucket.bucketName, StorageType: 'StandardStorage' },
        // S3 measures once a day.
        period: Duration.days(1),
        statistic: 'Maximum',
      }),
      above: brakes.largeDataGigabytes * GIGABYTE,
      description:
        'The bucket holds more large data than it should (largeDataGigabytes). Find which type it is by the keys (large/<type>/), and ' +
        'whether its producer should send links.',
      topic,
    });
  }
}
