/**
 * The metrics that a log line carries: name and sum.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): [string, number][] {
  if (!line.includes('"_aws"')) return [];
  let parsed: Record<string, unknown> & {
    readonly _aws?: { readonly CloudWatchMetrics?: { Metrics?: { Name: string }[] }[] };
  };
  try {
    parsed = JSON.parse(line);
  } catch {
    // A line that only looks like metrics is a log line like any other.
    return [];
  }
  const names = (parsed._aws?.CloudWatchMetrics ?? []).flatMap(({ Metrics = [] }) =>
    Metrics.map(({ Name }) => Name),
  );
  return names.map((name) => [
    name,
    [parsed[name]].flat().reduce<number>((sum, value) => sum + Number(value), 0),
  ]);
}
