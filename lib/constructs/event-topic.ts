import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { FifoThroughputScope, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface EventTopicProps {
  readonly key: Key;
  readonly fifo: boolean;
}

/**
 * The topic of all events: encrypted, TLS only, and delivering to queues of its own account only. Whoever may subscribe, even an
 * administrator, cannot send all events to an address, a web server or another account: the denial is the topic's own, and to lift it one
 * has to change the stack.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
export class EventTopic extends Topic {
  constructor(scope: Construct, id: string, { key, fifo }: EventTopicProps) {
    super(scope, id, {
      masterKey: key,
      enforceSSL: true,
      ...(fifo && { fifo, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP }),
    });
    const ownQueues = Stack.of(this).formatArn({ service: 'sqs', region: '*', resource: '*' });
    this.denySubscriptions('OnlyToQueues', { StringNotEquals: { 'sns:Protocol': 'sqs' } });
    this.denySubscriptions('OnlyToQueuesOfThisAccount', { StringNotLike: { 'sns:Endpoint': ownQueues } });
  }

  private denySubscriptions(sid: string, conditions: Record<string, Record<string, string>>): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Subscribe'],
        resources: [this.topicArn],
        conditions,
      }),
    );
  }
}
