import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import type { ProducerDefinition } from '../../contracts/producers/define-producer.ts';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';
import { ConsumerTable } from '../consumer/consumer-table.ts';
import { publishStatements, putDataStatements, sendLaterStatements } from '../consumer/permissions.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Settings } from '../settings.ts';
import { validateProducers } from '../validation/producers.ts';
import type { BusParts } from './i-event-bus.ts';

/**
 * A little less than the 30 s that the HTTP API waits, so that a late answer is still this function's own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const TIMEOUT = Duration.seconds(28);
const MEMORY_MEGABYTES = 512;

export interface PublishFunctionProps {
  readonly bus: Pick<BusParts, 'topic' | 'key' | 'dataBucket' | 'dataKey' | 'laterQueue'>;
  readonly settings: Settings;
  /** @default - lambdas/publish/handler.ts */
  readonly entry: string | undefined;
  readonly producers: readonly ProducerDefinition[];
  /** What the function checks of a producer. */
  readonly ruleOf: (producer: ProducerDefinition) => ProducerRule;
}

/** The function behind `POST /events`: it checks events and publishes them. */
export class PublishFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: PublishFunctionProps) {
    const { bus, settings, entry, producers } = props;
    super(scope, id, {
      name: 'publish',
      entry,
      description: 'Checks events that come over HTTP and publishes them.',
      stage: settings.stage,
      xray: settings.xray,
      logKey: bus.dataKey,
      timeout: TIMEOUT,
      memorySize: MEMORY_MEGABYTES,
      reservedConcurrentExecutions: settings.brakes.publishConcurrency,
      environment: {
        [ENVIRONMENT.topicArn]: bus.topic.topicArn,
        [ENVIRONMENT.dataBucket]: bus.dataBucket.bucketName,
        [ENVIRONMENT.laterQueueUrl]: bus.laterQueue.queueUrl,
        [ENVIRONMENT.maxRequestBytes]: String(settings.brakes.maxRequestBytes),
        ...declare(scope, props),
      },
    });
    for (const statement of [
      ...publishStatements(bus),
      ...putDataStatements(bus),
      ...sendLaterStatements(bus),
    ])
      this.addToRolePolicy(statement);
    if (producers.some(({ eventsPerMinute }) => eventsPerMinute !== undefined))
      this.#countEvents(scope, settings);
  }

  /** The table that keeps the limits of producers over all instances of the function. */
  #countEvents(scope: Construct, { stage }: Settings): void {
    const counts = new ConsumerTable(scope, 'ProducerCounts', {
      stage,
      keys: { partitionKey: 'id' },
      timeToLiveAttribute: 'expiresAt',
    });
    this.addEnvironment(ENVIRONMENT.producerCounts, counts.tableName);
    this.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [counts.tableArn] }),
    );
  }
}

/** The variable that says who may publish what. */
function declare(scope: Construct, { producers, ruleOf }: PublishFunctionProps): Record<string, string> {
  if (producers.length === 0) return {};
  const rules = producers.map(ruleOf);
  validateProducers(producers, JSON.stringify(rules));
  // The ARN of a role may be known only when it is deployed.
  return { [ENVIRONMENT.producers]: Stack.of(scope).toJsonString(rules) };
}
