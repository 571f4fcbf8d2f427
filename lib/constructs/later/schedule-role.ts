import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';

export interface ScheduleRoleProps {
  /** ARN of the schedule group of the bus: no other schedule uses the role. */
  readonly groupArn: string;
  readonly queues: readonly IQueue[];
}

/**
 * The role by which EventBridge Scheduler sends to the queue of later events and its own dead-letter queue, and to nothing else.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export class ScheduleRole extends Role {
  constructor(scope: Construct, id: string, { groupArn, queues }: ScheduleRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: { 'aws:SourceArn': groupArn },
        },
      }),
    });
    this.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: queues.map(({ queueArn }) => queueArn),
      }),
    );
    acceptRules(this, 'IAMNoInlinePolicy');
  }
}
