import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { describeSeconds, patienceOf } from '../contracts/patience.ts';
import { Consumer, type ConsumerProps } from './consumer.ts';
import { type ConsumerPlan, planConsumer } from './consumer-plan.ts';
import { stackName } from './stack-name.ts';

/** The stack of one consumer, deployed, rolled back and destroyed alone. It imports from the bus and nothing else. */
export class ConsumerStack extends Stack {
  readonly consumer: Consumer;

  constructor(scope: Construct, props: ConsumerProps) {
    const { definition, stage } = props;
    super(scope, stackName(stage, definition.name), {
      description: `Fanfare consumer ${definition.name}: ${definition.description}`,
      tags: { 'fanfare:stage': stage.name, 'fanfare:consumer': definition.name },
      terminationProtection: stage.terminationProtection,
    });
    this.consumer = new Consumer(this, 'Consumer', props);
    const { queues, subscription, idempotencyTable } = this.consumer;
    new CfnOutput(this, 'QueueUrl', { value: queues.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: queues.deadLetterQueue.queueUrl });
    new CfnOutput(this, 'UndeliveredQueueUrl', { value: subscription.undeliveredQueue.queueUrl });
    new CfnOutput(this, 'SubscriptionArn', { value: subscription.subscriptionArn });
    new CfnOutput(this, 'IdempotencyTableName', { value: idempotencyTable.tableName });
    new CfnOutput(this, 'SurvivesOutage', {
      value: describePatience(planConsumer(definition, props.bus.fifo)),
    });
    new CfnOutput(this, 'FunctionName', { value: this.consumer.function.functionName });
  }
}

/** How long what the consumer calls may be down before events die of it. See docs/slow-neighbours.md. */
function describePatience({ definition, visibilitySeconds }: ConsumerPlan): string {
  const { outage } = patienceOf({ ...definition, visibilitySeconds });
  return `${describeSeconds(outage.likely)} for 19 of 20 events, ${describeSeconds(outage.expected)} on average`;
}
