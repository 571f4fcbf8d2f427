/**
 * The metrics in a log line of CloudWatch's embedded metric format: name and sum of each.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): [string, number][] {
  if (!line.includes('"_aws"')) return [];
  let parsed: Record<string, unknown>;
  try {
    parsed = Object(JSON.parse(line));
  } catch {
    // The line only looks like metrics. It is an ordinary log line.
    return [];
  }
  // A function may log anything, also what only looks like metrics.
  const names = listIn(parsed._aws, 'CloudWatchMetrics')
    .flatMap((one) => listIn(one, 'Metrics'))
    .map((metric) => Object(metric).Name)
    .filter((name) => typeof name === 'string');
  return names.map((name) => [
    name,
    [parsed[name]].flat().reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0),
  ]);
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list: unknown = Object(value)[name];
  return Array.isArray(list) ? list : [];
}
