import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { INTAKE_KEY } from '../../intake/intake-state.ts';
import { acceptRules } from '../accepted-rules.ts';
import { ConsumerTable } from '../consumer/consumer-table.ts';
import { NotifyingAlarm } from '../monitoring/alarm.ts';
import { lyingIn } from '../monitoring/consumer-alarms.ts';
import type { Stage } from '../stage.ts';
import { CONTROL_TIMEOUT_SECONDS, ControlFunction } from './control-function.ts';
import { ControlQueues } from './control-queues.ts';

export interface IntakeProps {
  readonly bus: {
    readonly busName: string;
    readonly xray: boolean;
    readonly runbookUrl: string;
    readonly alarmTopic: ITopic;
    readonly dataKey: IKey | undefined;
  };
  readonly stage: Stage;
}

/**
 * A minute more than an invocation can take, and not six times as much as for a consumer: after a crash, a consumer waits so long. The controller
 * hides its message itself as soon as it begins.
 */
const VISIBILITY_SECONDS = CONTROL_TIMEOUT_SECONDS + 60;

/** Failed ticks in five minutes. One tick is tried again every ten seconds. */
const MANY_ERRORS = 3;

/**
 * Stops the intake of consumers while what they call does not answer, or while an operator wants it so: a table that says which are stopped,
 * and a controller, which is told by a queue and probes now and then. See docs/slow-neighbours.md.
 */
export class Intake extends Construct {
  readonly table: ConsumerTable;
  readonly queues: ControlQueues;
  readonly function: ControlFunction;

  constructor(scope: Construct, id: string, { bus, stage }: IntakeProps) {
    super(scope, id);
    this.table = new ConsumerTable(this, 'Table', { stage, keys: { partitionKey: INTAKE_KEY } });
    this.queues = new ControlQueues(this, 'Queues', {
      stage,
      visibilitySeconds: VISIBILITY_SECONDS,
    });
    this.function = new ControlFunction(this, 'Function', {
      bus,
      stage,
      table: this.table,
      queues: this.queues,
    });
    this.#mapQueueToFunction();
    const { alarmTopic: topic, runbookUrl } = bus;
    new NotifyingAlarm(this, 'ControlDeadLetters', {
      metric: lyingIn(this.queues.deadLetterQueue),
      description:
        'The controller has got messages that it cannot read: something else sends to the control queue, or consumers are of another version ' +
        'than the bus. The message attributes say why.',
      topic,
      runbookUrl,
    });
    new NotifyingAlarm(this, 'ControlErrors', {
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: MANY_ERRORS,
      description:
        'The controller fails again and again: consumers are neither stopped nor resumed. No event is lost by it. Read its log for the reason; ' +
        'fanfare resume lets a consumer flow.',
      topic,
      runbookUrl,
    });
  }

  /** Takes the requests to stop a consumer. */
  get controlQueue(): IQueue {
    return this.queues.queue;
  }

  #mapQueueToFunction(): void {
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.controlQueue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
    });
    acceptRules(mapping, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (this.function.role) mapping.node.addDependency(this.function.role);
  }
}
