import { GraphWidget, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { QueueRole } from '../consumer/consumer-queues.ts';
import type { Stage } from '../stage.ts';
import { functionsOf, type Search, sumOf, WORST, worstOf } from './live-metric.ts';

/** Widths of a dashboard: all of it, and a part of a row of three or four. */
export const FULL = 24;
export const THIRD = 8;
const QUARTER = 6;

/** The consumers of a stage, whichever they are: the worst of them, and all together. Their number changes nothing here. */
export function consumerWidgets(stage: Stage): IWidget[][] {
  return [heading(stage), waitingRow(stage), givenUpRow(stage), functionRow(stage)];
}

function heading({ app, name }: Stage): IWidget[] {
  const markdown = [
    `## Consumers of ${app}-${name}`,
    `Each graph has the ${WORST} that were worst in the time shown, and all together on the right axis. Look at one of them with ` +
      `\`npx fanfare status --stage ${name}\`. The alarms of a consumer begin with the name of its stack.`,
    `What has reported nothing for two weeks is not found. The graphs find names that have the words \`${app}-${name}\` in a row: a stage ` +
      `\`${name}-2\` too. Consumers of another app are on the dashboard of that app. Duplicates are no metric: see \`duplicates\` in the ` +
      'log lines `batch`.',
  ].join('\n\n');
  return [new TextWidget({ markdown, width: FULL, height: 4 })];
}

function waitingRow(stage: Stage): IWidget[] {
  const waiting = queues(stage, 'Queue', 'ApproximateNumberOfMessagesVisible');
  const age = queues(stage, 'Queue', 'ApproximateAgeOfOldestMessage');
  const handled: Search = { ...ownMetric(stage, 'ageAtProcessing'), statistic: 'SampleCount' };
  return [
    graph('Waiting', waiting),
    graph('Age of the oldest (seconds)', age, { sum: false }),
    graph('Handled', handled),
    graph('Age when handled, p99 (ms)', ownMetric(stage, 'ageAtProcessing'), { sum: false }),
  ];
}

function givenUpRow(stage: Stage): IWidget[] {
  const held = 'ApproximateNumberOfMessagesVisible';
  return [
    graph('Dead', queues(stage, 'DeadLetterQueue', held), { width: THIRD }),
    graph('Undelivered', queues(stage, 'UndeliveredQueue', held), { width: THIRD }),
    graph('Failed attempts', { ...ownMetric(stage, 'failed'), statistic: 'Sum' }, { width: THIRD }),
  ];
}

function functionRow(stage: Stage): IWidget[] {
  const metric = (metricName: string, statistic: string): Search => ({
    namespace: 'AWS/Lambda',
    dimension: 'FunctionName',
    term: `FunctionName=${functionsOf(stage)}`,
    metricName,
    statistic,
  });
  return [
    graph('Errors of functions', metric('Errors', 'Sum'), { width: THIRD }),
    graph('Throttles of functions', metric('Throttles', 'Sum'), { width: THIRD }),
    graph('Duration of functions, p99 (ms)', metric('Duration', 'p99'), { width: THIRD, sum: false }),
  ];
}

/** The name of a queue has its role after that of its stack; the other roles end in the same word as the first. */
function queues({ app, name }: Stage, role: QueueRole, metricName: string): Search {
  const dimension = 'QueueName';
  const which =
    role === 'Queue'
      ? `NOT ${dimension}=DeadLetterQueue NOT ${dimension}=UndeliveredQueue`
      : `${dimension}=${role}`;
  const term = `${dimension}=${app}-${name} ${which}`;
  return { namespace: 'AWS/SQS', dimension, term, metricName, statistic: 'Maximum' };
}

/** The runtime's own, whose namespace is the stage's and whose `service` is the consumer. */
function ownMetric({ metricsNamespace }: Stage, metricName: string): Search {
  return { namespace: metricsNamespace, dimension: 'service', metricName, statistic: 'p99' };
}

interface Look {
  /** @default a quarter of the row */
  readonly width?: number;
  /** Whether a sum means anything. @default true */
  readonly sum?: boolean;
}

function graph(title: string, search: Search, { width = QUARTER, sum = true }: Look = {}): GraphWidget {
  return new GraphWidget({
    title,
    width,
    left: [worstOf(search)],
    right: sum ? [sumOf(search, 'all together')] : [],
  });
}
