import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { acceptRules } from '../accepted-rules.ts';

export interface ConsumerMappingProps {
  readonly definition: ConsumerDefinition;
  readonly queue: IQueue;
  readonly function: IFunction;
}

/** Lets Lambda poll the queue of a consumer and invoke its function, as the definition says. */
export class ConsumerMapping extends EventSourceMapping {
  constructor(scope: Construct, id: string, { definition, queue, function: target }: ConsumerMappingProps) {
    const { batchSize, batchingWindowSeconds, maxConcurrency, provisionedPollers: pollers } = definition;
    super(scope, id, {
      target,
      eventSourceArn: queue.queueArn,
      batchSize,
      ...(batchingWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchingWindowSeconds) }),
      ...(pollers
        ? { provisionedPollerConfig: { minimumPollers: pollers.min, maximumPollers: pollers.max } }
        : { maxConcurrency }),
      reportBatchItemFailures: true,
    });
    acceptRules(this, 'LambdaEventSourceMappingDestination');
    // Lambda refuses a mapping whose function may not read the queue yet.
    if (target.role) this.node.addDependency(target.role);
  }
}
