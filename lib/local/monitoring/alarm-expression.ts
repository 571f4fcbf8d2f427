import type { AlarmConfiguration } from './alarm-configuration.ts';

type Metric = Pick<AlarmConfiguration, 'Namespace' | 'MetricName' | 'Dimensions'>;

/** What an alarm evaluates: the sum of some metrics, or the rise of that sum. */
export interface AlarmExpression {
  readonly metrics: readonly Metric[];
  /** Whether the rise is evaluated, and not the sum. */
  readonly difference: boolean;
}

/** `DIFF(visible + inFlight)`, `RATE(m1)`, `m1 + m2` or `m1` */
const SUM = String.raw`[a-z]\w*(?:\s*\+\s*[a-z]\w*)*`;
const KNOWN_EXPRESSION = new RegExp(String.raw`^\s*(?:(DIFF|RATE)\(\s*(${SUM})\s*\)|(${SUM}))\s*$`);

/**
 * Reads the expression of an alarm: a metric, a sum of metrics, or metric math of the form `DIFF(a + b)` or `RATE(a)`.
 *
 * @returns undefined for any other metric math
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function expressionOf(configuration: AlarmConfiguration): AlarmExpression | undefined {
  const { Metrics } = configuration;
  if (Metrics === undefined) return { metrics: [configuration], difference: false };
  const returned = Metrics.find(({ ReturnData = true }) => ReturnData) ?? Metrics[0];
  if (returned?.MetricStat?.Metric) return { metrics: [returned.MetricStat.Metric], difference: false };
  const [, mathFunction, argument, sum] = KNOWN_EXPRESSION.exec(returned?.Expression ?? '') ?? [];
  const names = (argument ?? sum)?.split('+').map((name) => name.trim()) ?? [];
  const metrics = names.flatMap((name) => Metrics.find(({ Id }) => Id === name)?.MetricStat?.Metric ?? []);
  return metrics.length > 0 && metrics.length === names.length
    ? { metrics, difference: mathFunction !== undefined }
    : undefined;
}
