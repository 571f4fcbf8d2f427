/** Namespace of the metric of open breakers, of all apps of the account. */
export const INTAKE_NAMESPACE = 'Fanfare/Intake';

/** 1 while the breaker of a consumer is open, 0 when it closes. No value: nothing has changed. */
export const BREAKER_OPEN = 'BreakerOpen';

/** Which consumer it is. Other apps may have consumers, and buses, of the same name. */
export interface BreakerDimensions {
  /** Name of the bus, such as `shop-dev-Bus`. */
  readonly bus: string;
  /** What the consumer is called in the deployment. */
  readonly consumer: string;
}

/**
 * Fields of a JSON log line from which CloudWatch makes the metric.
 *
 * @param at epoch milliseconds
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function breakerMetric(
  { bus, consumer }: BreakerDimensions,
  open: boolean,
  at: number,
): Readonly<Record<string, unknown>> {
  return {
    bus,
    consumer,
    [BREAKER_OPEN]: open ? 1 : 0,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: INTAKE_NAMESPACE,
          Dimensions: [['bus', 'consumer']],
          Metrics: [{ Name: BREAKER_OPEN, Unit: 'Count' }],
        },
      ],
    },
  };
}
