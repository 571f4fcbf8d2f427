import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { EventBus } from '../bus/event-bus.ts';
import type { BundledFunction } from '../function/bundled-function.ts';
import { stackName } from '../stack-name.ts';
import type { Stage } from '../stage.ts';
import { ALARM_PERIOD } from './alarm.ts';
import { consumerWidgets, THIRD } from './consumer-widgets.ts';
import { generatedNameOf, sumOf } from './live-metric.ts';

export interface MonitoringStackProps {
  readonly stage: Stage;
  /** The bus of this app, whose API and publish function have a row. @default - none: an app that has only consumers has no such row */
  readonly bus?: EventBus | undefined;
}

const SUM = { period: ALARM_PERIOD, statistic: 'Sum' };

/**
 * One dashboard over the bus and all consumers of the stage; without a bus of its own, over the consumers. Its template has the same bytes however many consumers there are: CloudWatch
 * finds them by the beginning of the names of their queues and functions and by the namespace of the stage's own metrics, each time that
 * somebody looks. So a consumer that is added, removed or deployed again is right at once, and this stack is not deployed for it. Consumers
 * of another app, whose stacks are `<their app>-<their stage>-<Name>`, are on the dashboard of that app.
 *
 * The queues and the functions of an archive and of its replays are found with those of the consumers: events wait up to five minutes for a
 * batch of the archive, and the parts of a replay for those before them.
 *
 * What CloudWatch limits: a search finds what has reported within two weeks, and at most 500 metrics. One graph has one search, of one queue
 * or function of each consumer, and a topic takes 200 consumers. A dashboard may read 2,500 metrics in all its graphs: the 10 searches read
 * that many at 248 consumers, where those that were destroyed within two weeks count too. Beyond, graphs have an incomplete choice.
 *
 * What a search cannot tell apart, because it compares words: the stage `dev` also finds the queues and functions of the stage `dev-2`, and
 * the app `shop` those of an app `a1shop`, in one account and region. The legend has the whole name.
 *
 * Of the bus it reads the API's id from the stack's output, without an export: CloudFormation refuses to destroy or to replace what another
 * stack imports. After the bus itself was destroyed and deployed again, this stack needs `cdk deploy --force`, for its template is the same.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, { stage, bus }: MonitoringStackProps) {
    super(scope, stackName(stage, 'Monitoring'), {
      description: `Fanfare: one dashboard over ${bus === undefined ? '' : 'the bus and '}all consumers.`,
      tags: { ...stage.tags, 'fanfare:role': 'monitoring' },
      terminationProtection: stage.terminationProtection,
    });
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    new Dashboard(this, 'Dashboard', {
      widgets: [...(bus === undefined ? [] : [busRow(bus)]), ...consumerWidgets(stage)],
    });
  }
}

function busRow({ api, publish }: EventBus): IWidget[] {
  return [
    graph('Requests', [
      api.stage.metricCount(SUM),
      api.stage.metricClientError(SUM),
      api.stage.metricServerError(SUM),
    ]),
    graph('Latency of the API, p50 and p99 (ms)', [
      api.stage.metricLatency({ statistic: 'p50' }),
      api.stage.metricLatency({ statistic: 'p99' }),
    ]),
    graph('Publish function', functionMetrics(publish)),
  ];
}

function functionMetrics(handler: BundledFunction): IMetric[] {
  const dimension = 'FunctionName';
  const term = `${dimension}=${generatedNameOf(handler)}`;
  return ['Invocations', 'Errors', 'Throttles'].map((metricName) =>
    sumOf({ namespace: 'AWS/Lambda', dimension, term, metricName, statistic: 'Sum' }, metricName),
  );
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD });
}
