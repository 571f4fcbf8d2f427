import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { sourceFile } from '../../project/source-file.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import type { ConsumerQueues } from '../consumer/consumer-queues.ts';
import { publishStatements, QUEUE_ACTIONS } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Stage } from '../stage.ts';
import { LATER_TIMEOUT_SECONDS } from './later-plan.ts';

const MEMORY_MEGABYTES = 256;

export interface LaterFunctionProps {
  readonly bus: Pick<BusParts, 'topic' | 'key' | 'dataKey'> & { readonly xray: boolean };
  readonly stage: Stage;
  readonly queues: ConsumerQueues;
  readonly scheduleDeadLetterQueue: IQueue;
  readonly cancellations: ITable;
  /** Name of the schedule group. */
  readonly groupName: string;
  readonly scheduleRole: IRole;
}

/** The function that publishes events when they are due. It may publish, keep its queue, read cancellations and change schedules of its group. */
export class LaterFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: LaterFunctionProps) {
    const { bus, stage, queues, scheduleDeadLetterQueue, cancellations, groupName, scheduleRole } = props;
    super(scope, id, {
      name: 'later',
      entry: sourceFile('../../later/handler', import.meta.url),
      description: 'Publishes events that come later, when they are due.',
      stage,
      xray: bus.xray,
      logKey: bus.dataKey,
      timeout: Duration.seconds(LATER_TIMEOUT_SECONDS),
      memorySize: MEMORY_MEGABYTES,
      // A consumer that emits an event for later when such an event comes, again and again, is no mistake.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        [ENVIRONMENT.topicArn]: bus.topic.topicArn,
        [ENVIRONMENT.laterQueueUrl]: queues.queue.queueUrl,
        [ENVIRONMENT.laterQueueArn]: queues.queue.queueArn,
        [ENVIRONMENT.deadLetterQueueUrl]: queues.deadLetterQueue.queueUrl,
        [ENVIRONMENT.scheduleGroup]: groupName,
        [ENVIRONMENT.scheduleRoleArn]: scheduleRole.roleArn,
        [ENVIRONMENT.scheduleDeadLetterQueueArn]: scheduleDeadLetterQueue.queueArn,
        [ENVIRONMENT.cancellationsTable]: cancellations.tableName,
      },
    });
    for (const statement of [
      ...publishStatements(bus),
      ...ownStatements(props),
      ...scheduleStatements(this, props),
    ])
      this.addToRolePolicy(statement);
  }
}

function ownStatements({ queues, cancellations }: LaterFunctionProps): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [...QUEUE_ACTIONS, 'sqs:ChangeMessageVisibility'],
      resources: [queues.queue.queueArn],
    }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queues.deadLetterQueue.queueArn] }),
    new PolicyStatement({
      actions: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
      resources: [cancellations.tableArn],
    }),
  ];
}

/**
 * Makes and deletes schedules of its group. A list can go over all groups, so IAM asks for leave to list all, whatever group is named.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
function scheduleStatements(
  scope: Construct,
  { groupName, scheduleRole }: LaterFunctionProps,
): PolicyStatement[] {
  const stack = Stack.of(scope);
  const schedules = (group: string): string =>
    stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` });
  acknowledgeSchedules(scope);
  return [
    new PolicyStatement({
      actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:GetSchedule'],
      resources: [schedules(groupName)],
    }),
    new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: [schedules('*')] }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [scheduleRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  ];
}

/** Says why the policy names more than one resource. */
function acknowledgeSchedules(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions-IAM5',
    reason:
      'Each event that comes later has a schedule of its own in the group, which is not known before. scheduler:ListSchedules is granted for ' +
      'all groups or for none.',
  });
}
