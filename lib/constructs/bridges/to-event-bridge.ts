import type { IEventBus as IEventBridgeBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import type { Consumer } from '../consumer/consumer.ts';

export interface ToEventBridgeProps {
  /** The bus of EventBridge that the events go to. It may be in another account or region, if its policy allows it. */
  readonly eventBus: IEventBridgeBus;
  /**
   * `source` of the events in EventBridge: 1 to 256 characters, and not `aws.` at the beginning.
   *
   * @default - fanfare.<app>.<stage>
   */
  readonly source?: string;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const SOURCE = /^(?!aws\.).{1,256}$/;

/**
 * Gives a consumer the bus of EventBridge on which its handler, made by `toEventBridge`, puts events. It may put events of this source and of
 * the types that the consumer listens to on this one bus. See docs/bridges.md.
 *
 * @throws Error when the consumer has `effects: 'commit'`, or the source is one that EventBridge does not take
 */
export class ToEventBridge extends Construct {
  constructor(consumer: Consumer, { eventBus, source = defaultSource(consumer) }: ToEventBridgeProps) {
    super(consumer, 'ToEventBridge');
    const { name, effects, listensTo } = consumer.definition;
    if (effects === 'commit') {
      throw new Error(
        `consumer '${name}' has effects: 'commit', and putting events on EventBridge is none that a commit can hold; leave it out`,
      );
    }
    if (!SOURCE.test(source)) {
      throw new Error(
        `source '${source}' of consumer '${name}' is not taken by EventBridge; use 1 to 256 characters that do not begin with aws.`,
      );
    }
    consumer.function.addEnvironment(ENVIRONMENT.eventBridgeBusArn, eventBus.eventBusArn);
    consumer.function.addEnvironment(ENVIRONMENT.eventBridgeSource, source);
    consumer.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [eventBus.eventBusArn],
        conditions: {
          StringEquals: {
            'events:source': source,
            'events:detail-type': listensTo.map(({ versionedType }) => versionedType),
          },
        },
      }),
    );
  }
}

function defaultSource({ stage: { app, name } }: Consumer): string {
  return `fanfare.${app}.${name}`;
}
