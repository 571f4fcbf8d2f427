/**
 * The metrics in a log line of CloudWatch's embedded metric format: name and sum of each.
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
    // The line only looks like metrics. It is an ordinary log line.
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
