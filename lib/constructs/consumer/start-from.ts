import { CustomResource, Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ConsumerPlan } from './consumer-plan.ts';
import type { TopicSubscription } from './topic-subscription.ts';

export interface StartFromProps {
  readonly plan: ConsumerPlan;
  /** What the consumer is called in the deployment. */
  readonly label: string;
  readonly queue: IQueue;
  /** Where it writes down what it has done. */
  readonly idempotencyTable: ITable;
  readonly subscription: TopicSubscription;
  /** The function of the bus that replays its archive. */
  readonly replayFunctionArn: string;
}

/** The function only writes down what to send, so a deployment does not wait for the sending. */
const TIMEOUT = Duration.minutes(5);

/**
 * Lets a new consumer begin with archived events: when it is created, the replay function of the bus begins to send them to its queue.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 */
export class StartFrom extends Construct {
  constructor(scope: Construct, id: string, props: StartFromProps) {
    super(scope, id);
    const { plan, label, queue, idempotencyTable, subscription, replayFunctionArn } = props;
    const { definition, filterPolicy, filterPolicyScope } = plan;
    const resource = new CustomResource(this, 'Replay', {
      resourceType: 'Custom::FanfareStartFrom',
      serviceToken: replayFunctionArn,
      serviceTimeout: TIMEOUT,
      properties: {
        consumer: label,
        queueUrl: queue.queueUrl,
        types: definition.listensTo.flatMap(({ versions }) =>
          versions.map(({ versionedType }) => versionedType),
        ),
        filterPolicy: JSON.stringify(filterPolicy),
        filterPolicyScope,
        startFrom: definition.startFrom,
        idempotencyTable: idempotencyTable.tableName,
      },
    });
    // What is published before the subscription exists has to be in the range of the replay.
    resource.node.addDependency(subscription);
  }
}
