import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, type ITopic, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';
import type { ConsumerPlan } from './consumer-plan.ts';
import { type QueueOwner, queueDefaults, queueName } from './consumer-queues.ts';
import type { SubscriptionFilter } from './filter-policy.ts';

export interface TopicSubscriptionProps {
  readonly topic: ITopic;
  readonly queue: Queue;
  /** Without a filter, every event is delivered. */
  readonly plan: Pick<ConsumerPlan, 'fifo' | 'deadLetterRetentionSeconds'> & Partial<SubscriptionFilter>;
  readonly stage: Stage;
  /** @default - the stack is that of one consumer */
  readonly owner?: QueueOwner;
}

/**
 * Brings the events that a consumer or the archive listens to from the topic to its queue, as they were published (raw delivery).
 *
 * What SNS cannot deliver goes to a queue of its own: SQS moves messages back only out of dead-letter queues of
 * queues, so the two kinds must not be mixed.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export class TopicSubscription extends Construct {
  readonly undeliveredQueue: Queue;
  readonly subscription: Subscription;
  readonly subscriptionArn: string;

  constructor(
    scope: Construct,
    id: string,
    { topic, queue, plan, stage, owner = '' }: TopicSubscriptionProps,
  ) {
    super(scope, id);
    this.undeliveredQueue = new Queue(this, 'UndeliveredQueue', {
      ...queueDefaults(plan.fifo, stage),
      queueName: queueName(this, `${owner}UndeliveredQueue`, plan.fifo),
      retentionPeriod: Duration.seconds(plan.deadLetterRetentionSeconds),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    acceptRules(this.undeliveredQueue, 'SQS3', 'SQSRedrivePolicy');
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    this.subscription = new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      // The subscription lets SNS write to this queue, for this topic only.
      deadLetterQueue: this.undeliveredQueue,
    });
    const resource = resourceOf(this.subscription);
    setFilter(resource, plan);
    this.subscriptionArn = resource.ref;
    // Without the policies a first delivery could be lost: SNS does not retry what is forbidden.
    this.subscription.node.addDependency(queue, this.undeliveredQueue);
  }
}

/**
 * Sets the filter as it is: the construct has no `$or`. The scope is always named, because CloudFormation cannot go from
 * one to the other by leaving it out.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1840
 */
function setFilter(
  resource: CfnSubscription,
  { filterPolicy, filterPolicyScope }: Partial<SubscriptionFilter>,
): void {
  resource.filterPolicy = filterPolicy;
  resource.filterPolicyScope = filterPolicyScope;
}

function resourceOf(subscription: Subscription): CfnSubscription {
  const resource = subscription.node.defaultChild;
  if (!(resource instanceof CfnSubscription)) throw new TypeError('the subscription has no resource');
  return resource;
}
