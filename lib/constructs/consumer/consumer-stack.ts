import { CfnOutput, Stack } from 'aws-cdk-lib';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { describeSeconds, retryWindowOf } from '../../contracts/delivery/retry-window.ts';
import { isSaga } from '../../contracts/saga/saga-definition.ts';
import { stackName } from '../stack-name.ts';
import { Consumer, type ConsumerProps } from './consumer.ts';
import { type ConsumerPlan, planConsumer } from './consumer-plan.ts';

/** The stack of one consumer, deployed, rolled back and destroyed alone. It reads the parameters of the bus and nothing else. */
export class ConsumerStack extends Stack {
  readonly consumer: Consumer;

  constructor(scope: Construct, props: ConsumerProps) {
    const { definition, stage } = props;
    super(scope, stackName(stage, definition.name), {
      description: `Fanfare consumer ${definition.name}: ${definition.description}`,
      tags: { ...stage.tags, 'fanfare:consumer': definition.name, 'fanfare:bus': props.bus.busName },
      terminationProtection: stage.terminationProtection,
    });
    // The CDK takes a stack trace for each element, a twentieth of a synthesis. They all lead to this line; `cdk synth --debug` still takes them.
    this.node.setContext(DISABLE_CREATION_STACK_TRACES, true);
    this.consumer = new Consumer(this, 'Consumer', props);
    const { queues, subscription, idempotencyTable } = this.consumer;
    new CfnOutput(this, 'QueueUrl', { value: queues.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: queues.deadLetterQueue.queueUrl });
    new CfnOutput(this, 'UndeliveredQueueUrl', { value: subscription.undeliveredQueue.queueUrl });
    new CfnOutput(this, 'SubscriptionArn', { value: subscription.subscriptionArn });
    new CfnOutput(this, 'IdempotencyTableName', { value: idempotencyTable.tableName });
    new CfnOutput(this, 'OutageTolerance', {
      value: describeRetryWindow(planConsumer(definition, props.bus.fifo)),
    });
    // What the command line lists as producers: nothing else of a stack says it.
    new CfnOutput(this, 'Emits', { value: describeEmits(definition) });
    // A replay that repeats effects reads it before it starts.
    if (definition.replay === 'refuse') new CfnOutput(this, 'Replay', { value: definition.replay });
    // Where the command line reads how far the sagas are.
    if (isSaga(definition))
      new CfnOutput(this, 'SagaTable', { value: this.consumer.table('sagas').tableName });
    new CfnOutput(this, 'FunctionName', { value: this.consumer.function.functionName });
  }
}

/** `nothing`, because an output cannot be empty. */
function describeEmits({ emits }: ConsumerDefinition): string {
  return emits.map(({ versionedType }) => versionedType).join(', ') || 'nothing';
}

/** How long a service that the consumer calls may be down before events go to the dead-letter queue. See docs/slow-neighbours.md. */
function describeRetryWindow({ definition, visibilitySeconds }: ConsumerPlan): string {
  const { outage } = retryWindowOf({ ...definition, visibilitySeconds });
  return `${describeSeconds(outage.likely)} for 19 of 20 events, ${describeSeconds(outage.expected)} on average`;
}
