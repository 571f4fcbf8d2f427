import { Construct } from 'constructs';
import { ALARM_PERIOD, NotifyingAlarm } from './alarm.ts';
import type { EventBus } from './event-bus.ts';

/** What can go wrong on the way into the bus. */
export class BusAlarms extends Construct {
  constructor(scope: Construct, id: string, { publish, api, alarmTopic: topic }: EventBus) {
    super(scope, id);
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
        'Lambda refused to run the publish function: the concurrency of the account is used up. Find what uses ' +
        'it, or ask for a higher quota.',
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
}
