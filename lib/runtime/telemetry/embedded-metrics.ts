/** A metric in a log line. It has one value, or one value for each of several events. A metric without values is left out. */
export interface EmbeddedMetric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly values: readonly number[];
}

/** Maximum number of values of one metric in a line. */
export const MAX_VALUES = 100;

/**
 * Fields of a JSON log line from which CloudWatch makes metrics, with the line's `service` as dimension. They need no request and no extra
 * line, but each metric costs 0.30 dollars a month.
 *
 * @param at epoch milliseconds
 * @param metrics metrics with at most {@link MAX_VALUES} values each
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embedMetrics(
  at: number,
  metrics: readonly EmbeddedMetric[],
): Readonly<Record<string, unknown>> {
  const present = metrics.filter(({ values }) => values.length > 0);
  if (present.length === 0) return {};
  return {
    ...Object.fromEntries(
      present.map(({ name, values }) => [name, values.length === 1 ? values[0] : values]),
    ),
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? 'Fanfare',
          Dimensions: [['service']],
          Metrics: present.map(({ name: Name, unit: Unit }) => ({ Name, Unit })),
        },
      ],
    },
  };
}
