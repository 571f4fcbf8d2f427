import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  type MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_PERIOD } from './alarm.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { Consumer } from './consumer.ts';
import { type QueueRole, queueNameBegin } from './consumer-queues.ts';
import type { EventBus } from './event-bus.ts';
import { FUNCTION, generatedNameOf, liveMetric, QUEUE } from './live-metric.ts';
import { stackName } from './stack-name.ts';
import type { Stage } from './stage.ts';

export interface MonitoringStackProps {
  readonly stage: Stage;
  readonly bus: EventBus;
  readonly consumers: readonly Consumer[];
}

const THIRD = 8;
const FULL = 24;
const SUM = { period: ALARM_PERIOD, statistic: 'Sum' };

/**
 * One dashboard over the bus and every consumer. The only stack that changes when a consumer is added.
 *
 * Consumers are found by how the names of their resources begin, which stays when a stack is destroyed and deployed again; so this stack
 * and theirs know nothing of each other. Of the bus it reads the API's id from the stack's output, without holding on to it:
 * CloudFormation refuses to destroy or to replace what another stack imports. After the bus itself was destroyed and deployed again, this
 * stack needs `cdk deploy --force`, for its template is the same.
 */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, { stage, bus, consumers }: MonitoringStackProps) {
    super(scope, stackName(stage, 'Monitoring'), {
      description: 'Fanfare: one dashboard over the bus and all consumers.',
      tags: { 'fanfare:stage': stage.name, 'fanfare:role': 'monitoring' },
      terminationProtection: stage.terminationProtection,
    });
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    new Dashboard(this, 'Dashboard', {
      widgets: [busRow(bus), ...consumers.flatMap((consumer) => [heading(consumer), consumerRow(consumer)])],
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
    graph('Latency of the API', [api.stage.metricLatency({ statistic: 'p99' })]),
    graph('Publish function', functionMetrics(publish)),
  ];
}

function heading({ definition }: Consumer): IWidget[] {
  return [
    new TextWidget({ markdown: `## ${definition.name}\n${definition.description}`, width: FULL, height: 2 }),
  ];
}

function consumerRow(consumer: Consumer): IWidget[] {
  const messages = (role: QueueRole, state: 'Visible' | 'NotVisible'): MathExpression =>
    liveMetric(QUEUE, queueNameBegin(consumer, role), `ApproximateNumberOfMessages${state}`, 'Maximum');
  const dead = messages('DeadLetterQueue', 'Visible');
  const undelivered = messages('UndeliveredQueue', 'Visible');
  return [
    graph('Waiting and in flight', [messages('Queue', 'Visible'), messages('Queue', 'NotVisible')]),
    graph('Dead and undelivered', [dead.with({ label: 'Dead' }), undelivered.with({ label: 'Undelivered' })]),
    graph('Function', functionMetrics(consumer.function)),
  ];
}

function functionMetrics(handler: BundledFunction): IMetric[] {
  const name = generatedNameOf(handler);
  return ['Invocations', 'Errors', 'Throttles'].map((metric) => liveMetric(FUNCTION, name, metric, 'Sum'));
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD });
}
