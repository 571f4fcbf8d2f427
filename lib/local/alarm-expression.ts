import type { AlarmConfiguration } from './alarms.ts';

type Metric = Pick<AlarmConfiguration, 'Namespace' | 'MetricName' | 'Dimensions'>;

/** What an alarm looks at: the sum of these metrics as it is, or how much it has risen. */
export interface AlarmExpression {
  readonly metrics: readonly Metric[];
  readonly difference: boolean;
}

/** `DIFF(visible + inFlight)`, `RATE(m1)`, `m1 + m2` or `m1` */
const SUM = String.raw`[a-z]\w*(?:\s*\+\s*[a-z]\w*)*`;
const KNOWN_EXPRESSION = new RegExp(String.raw`^\s*(?:(DIFF|RATE)\(\s*(${SUM})\s*\)|(${SUM}))\s*$`);

/**
 * Reads what an alarm looks at: metrics, their sum, or metric math of the form `DIFF(a + b)` or `RATE(a)`.
 *
 * @returns undefined for any other metric math
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function expressionOf(configuration: AlarmConfiguration): AlarmExpression | undefined {
  const { Metrics } = configuration;
  if (Metrics === undefined) return { metrics: [configuration], difference: false };
  const returned = Metrics.find(({ ReturnData = true }) => ReturnData) ?? Metrics[0];
  if (returned?.MetricStat?.Metric) return { metrics: [returned.MetricStat.Metric], difference: false };
  const [, change, changing, same] = KNOWN_EXPRESSION.exec(returned?.Expression ?? '') ?? [];
  const names = (changing ?? same)?.split('+').map((name) => name.trim()) ?? [];
  const metrics = names.flatMap((name) => Metrics.find(({ Id }) => Id === name)?.MetricStat?.Metric ?? []);
  return metrics.length > 0 && metrics.length === names.length
    ? { metrics, difference: change !== undefined }
    : undefined;
}
