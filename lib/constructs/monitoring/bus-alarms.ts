import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Brakes } from '../bus/brakes.ts';
import type { EventsApi } from '../bus/events-api.ts';
import type { BundledFunction } from '../function/bundled-function.ts';
import type { Settings } from '../settings.ts';
import type { Stage } from '../stage.ts';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';

/** The parts of a bus that can fail. */
interface AlarmedBus {
  readonly topic: ITopic;
  readonly alarmTopic: ITopic;
  readonly runbookUrl: string;
  readonly publish: BundledFunction;
  readonly api: EventsApi;
  readonly dataBucket: IBucket;
}

export interface BusAlarmsProps {
  readonly bus: AlarmedBus;
  readonly settings: Pick<Settings, 'brakes' | 'stage'>;
}

/** Refused requests in five minutes: more than a person makes by mistake while trying the API. */
const MANY_REFUSALS = 100;
/** Share of the API's rate at which the alarm is raised: early enough to act before callers get 429. */
const NEAR_THE_RATE = 0.8;
const GIGABYTE = 1024 ** 3;

/** What can go wrong on the way into the bus. */
export class BusAlarms extends Construct {
  constructor(scope: Construct, id: string, { bus, settings: { brakes, stage } }: BusAlarmsProps) {
    super(scope, id);
    this.#tellOfFailures(bus);
    this.#tellOfRefusals(bus, stage);
    this.#tellOfVolume(bus, brakes);
  }

  #tellOfFailures({ publish, api, alarmTopic: topic, runbookUrl }: AlarmedBus): void {
    const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
    new NotifyingAlarm(this, 'PublishErrors', {
      metric: publish.metricErrors(sum),
      description:
        'The publish function crashed or timed out, and a caller got an error. Read its log for the reason; ' +
        'callers may send the same events again, with the same ids.',
      topic,
      runbookUrl,
    });
    new NotifyingAlarm(this, 'PublishThrottles', {
      metric: publish.metricThrottles(sum),
      description:
        'Lambda refused to run the publish function: its own concurrency (publishConcurrency) or that of the ' +
        'account is used up. Find what uses it, or raise it.',
      topic,
      runbookUrl,
    });
    new NotifyingAlarm(this, 'ServerErrors', {
      metric: api.stage.metricServerError(sum),
      description:
        'POST /events answered 5xx: SNS did not take the events, or the publish function failed. Read the access ' +
        'log (status, integrationError) and the log of the publish function.',
      topic,
      runbookUrl,
    });
  }

  #tellOfRefusals({ api, alarmTopic: topic, runbookUrl }: AlarmedBus, stage: Stage): void {
    new NotifyingAlarm(this, 'ClientErrors', {
      metric: api.stage.metricClientError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: MANY_REFUSALS,
      description:
        'POST /events answered 4xx many times: a producer sends invalid events, or a stranger tries the API. The access log has the caller ' +
        '(caller, subject, sourceIp) and why (status, error).',
      topic,
      runbookUrl,
    });
    // API Gateway has no metric of its own for 429.
    const throttled = new MetricFilter(this, 'Throttled', {
      logGroup: api.accessLog,
      metricNamespace: stage.metricsNamespace,
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
      runbookUrl,
    });
  }

  #tellOfVolume({ api, dataBucket, alarmTopic: topic, runbookUrl }: AlarmedBus, brakes: Brakes): void {
    new NotifyingAlarm(this, 'ManyRequests', {
      metric: api.stage.metricCount({ period: ALARM_PERIOD, statistic: 'Sum' }),
      above: brakes.apiRate * 60 * NEAR_THE_RATE,
      description:
        'POST /events is asked nearly as often as it may be (apiRate). If that is right, raise it before callers get 429.',
      topic,
      runbookUrl,
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
      runbookUrl,
    });
  }
}
