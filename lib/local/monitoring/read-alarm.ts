import { readRequest, UnreadableRequestError } from '../requests/read-request.ts';
import type { AlarmConfiguration } from './alarm-configuration.ts';

/** An alarm as PutMetricAlarm describes it. */
export interface RequestedAlarm {
  readonly name: string;
  readonly description: string;
  readonly configuration: AlarmConfiguration;
}

interface PutMetricAlarmRequest extends AlarmConfiguration {
  readonly AlarmName?: string;
  readonly AlarmDescription?: string;
}

const TEXTS = { listOf: 'text' } as const;
const METRIC = {
  Namespace: 'text',
  MetricName: 'text',
  Dimensions: { listOf: { members: { Name: 'text', Value: 'text' } } },
} as const;
/** What is used here of a metric in a request. */
export const METRIC_STAT = { members: { Metric: { members: METRIC } } } as const;
/** What is used here of PutMetricAlarm. Other members are kept as they are. */
const ALARM = {
  AlarmName: 'text',
  AlarmDescription: 'text',
  ComparisonOperator: 'text',
  Threshold: 'number',
  ActionsEnabled: 'flag',
  AlarmActions: TEXTS,
  OKActions: TEXTS,
  InsufficientDataActions: TEXTS,
  Metrics: {
    listOf: {
      members: {
        Id: 'text',
        Expression: 'text',
        ReturnData: 'flag',
        MetricStat: METRIC_STAT,
      },
    },
  },
  ...METRIC,
} as const;

/**
 * Checks the body of PutMetricAlarm, as far as it is used here.
 *
 * @throws UnreadableRequestError which member is missing or wrong, and what it should be
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function readAlarm(body: unknown): RequestedAlarm {
  const request = readRequest<PutMetricAlarmRequest>(body, ALARM);
  const { AlarmName, AlarmDescription = '', ...configuration } = request;
  for (const name of ['AlarmName', 'ComparisonOperator'] as const)
    if (!request[name]) throw new UnreadableRequestError(`${name} is missing`, 'ValidationError');
  return { name: String(AlarmName), description: AlarmDescription, configuration };
}
