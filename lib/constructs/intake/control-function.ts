import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { sourceFile } from '../../project/source-file.ts';
import { MAX_FUNCTION_TIMEOUT_SECONDS } from '../aws-limits.ts';
import { acknowledgePatterns, mainQueues, ofBus } from '../consumer/main-queues.ts';
import { QUEUE_ACTIONS } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Stage } from '../stage.ts';
import type { ControlQueues } from './control-queues.ts';

/** It waits for a probe, which may take as long as a function can. */
export const CONTROL_TIMEOUT_SECONDS = MAX_FUNCTION_TIMEOUT_SECONDS;
const MEMORY_MEGABYTES = 256;

export interface ControlFunctionProps {
  readonly bus: {
    readonly busName: string;
    readonly xray: boolean;
    readonly dataKey: IKey | undefined;
  };
  readonly stage: Stage;
  readonly table: ITable;
  readonly queues: ControlQueues;
}

/** The function that stops and resumes the intake of consumers. It reaches consumers of its own bus, and no others. */
export class ControlFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { bus, stage, table, queues }: ControlFunctionProps) {
    super(scope, id, {
      name: 'intake',
      entry: sourceFile('../../intake/controller/handler', import.meta.url),
      description: 'Stops consumers while what they call does not answer.',
      stage,
      xray: bus.xray,
      logKey: bus.dataKey,
      timeout: Duration.seconds(CONTROL_TIMEOUT_SECONDS),
      memorySize: MEMORY_MEGABYTES,
      // Twice a month in a long outage it sends its own message anew.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        [ENVIRONMENT.busName]: bus.busName,
        [ENVIRONMENT.controlQueueUrl]: queues.queue.queueUrl,
        [ENVIRONMENT.deadLetterQueueUrl]: queues.deadLetterQueue.queueUrl,
        [ENVIRONMENT.intakeTable]: table.tableName,
      },
    });
    for (const statement of [...ownStatements(table, queues), ...consumerStatements(this, bus.busName)])
      this.addToRolePolicy(statement);
    const lambda = 'lambda:<AWS::Region>:<AWS::AccountId>';
    acknowledgePatterns(
      scope,
      [`${lambda}:function:*`, `${lambda}:event-source-mapping:*`, '*'],
      'Consumers come and go without a change of the bus: a condition on the tag fanfare:bus names their queues, functions and mappings, and a ' +
        'pattern their main queues. lambda:ListEventSourceMappings has no resource to name.',
    );
  }
}

function ownStatements(table: ITable, { queue, deadLetterQueue }: ControlQueues): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [...QUEUE_ACTIONS, 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      resources: [queue.queueArn],
    }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
    }),
  ];
}

/**
 * Receives one event of a consumer of this bus, invokes it with that, and turns the polling of its queue on and off.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/attribute-based-access-control.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/tags-esm.html
 */
function consumerStatements(scope: Construct, busName: string): PolicyStatement[] {
  const arn = (resource: string): string =>
    Stack.of(scope).formatArn({
      service: 'lambda',
      resource,
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const conditions = ofBus(busName);
  return [
    new PolicyStatement({ actions: QUEUE_ACTIONS, resources: mainQueues(scope), conditions }),
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn('function')], conditions }),
    new PolicyStatement({
      actions: ['lambda:UpdateEventSourceMapping'],
      resources: [arn('event-source-mapping')],
      conditions,
    }),
    new PolicyStatement({ actions: ['lambda:ListEventSourceMappings'], resources: ['*'] }),
  ];
}
