import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_PERIOD } from './alarm.ts';
import type { Consumer } from './consumer.ts';
import type { EventBus } from './event-bus.ts';
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
const HIGHEST = { period: ALARM_PERIOD, statistic: 'Maximum' };

/**
 * One dashboard over the bus and every consumer. The only stack that changes when a consumer is added.
 *
 * It reads the names of what it shows from the other stacks' outputs, without holding on to them: CloudFormation
 * refuses to destroy or to replace what another stack imports, and nobody should have to keep a consumer for its graphs.
 */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, { stage, bus, consumers }: MonitoringStackProps) {
    super(scope, stackName(stage, 'Monitoring'), {
      description: 'Fanfare: one dashboard over the bus and all consumers.',
      tags: { 'fanfare:stage': stage.name, 'fanfare:role': 'monitoring' },
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
    graph('Publish function', [
      publish.metricInvocations(SUM),
      publish.metricErrors(SUM),
      publish.metricThrottles(SUM),
    ]),
  ];
}

function heading({ definition }: Consumer): IWidget[] {
  return [
    new TextWidget({ markdown: `## ${definition.name}\n${definition.description}`, width: FULL, height: 2 }),
  ];
}

function consumerRow({ queues, subscription, function: handler }: Consumer): IWidget[] {
  return [
    graph('Waiting and in flight', [
      queues.queue.metricApproximateNumberOfMessagesVisible(HIGHEST),
      queues.queue.metricApproximateNumberOfMessagesNotVisible(HIGHEST),
    ]),
    graph('Dead and undelivered', [
      queues.deadLetterQueue.metricApproximateNumberOfMessagesVisible(HIGHEST),
      subscription.undeliveredQueue.metricApproximateNumberOfMessagesVisible(HIGHEST),
    ]),
    graph('Function', [
      handler.metricInvocations(SUM),
      handler.metricErrors(SUM),
      handler.metricThrottles(SUM),
    ]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD });
}
