import type { AlarmConfiguration } from './alarms.ts';

/** What an alarm looks at: a metric as it is, or how much it has risen. */
export interface AlarmExpression {
  readonly metric: Pick<AlarmConfiguration, 'Namespace' | 'MetricName' | 'Dimensions'>;
  readonly difference: boolean;
}

/** `DIFF(dead)`, `RATE(m1)` or `m1` */
const KNOWN_EXPRESSION = /^\s*(?:(DIFF|RATE)\(\s*([a-z]\w*)\s*\)|([a-z]\w*))\s*$/;

/**
 * Reads what an alarm looks at: one metric, or metric math of the form `DIFF(m)` or `RATE(m)`.
 *
 * @returns undefined for any other metric math
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function expressionOf(configuration: AlarmConfiguration): AlarmExpression | undefined {
  const { Metrics } = configuration;
  if (Metrics === undefined) return { metric: configuration, difference: false };
  const returned = Metrics.find(({ ReturnData = true }) => ReturnData) ?? Metrics[0];
  if (returned?.MetricStat?.Metric) return { metric: returned.MetricStat.Metric, difference: false };
  const [, change, changing, same] = KNOWN_EXPRESSION.exec(returned?.Expression ?? '') ?? [];
  const metric = Metrics.find(({ Id }) => Id === (changing ?? same))?.MetricStat?.Metric;
  return metric && { metric, difference: change !== undefined };
}
