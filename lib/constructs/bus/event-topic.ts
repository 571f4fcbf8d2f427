import type { Key } from 'aws-cdk-lib/aws-kms';
import { FifoThroughputScope, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ForeignReaders } from './other-accounts/foreign-readers.ts';
import { allowSubscriptions, denyOtherSubscriptions } from './other-accounts/subscription-rules.ts';

export interface EventTopicProps {
  readonly key: Key;
  readonly fifo: boolean;
  /** Who may subscribe queues of other accounts. */
  readonly readers: ForeignReaders;
}

/**
 * The topic of all events: encrypted, TLS only, and delivering to queues of its own account only, and of the accounts that are allowed. Not
 * even an administrator can subscribe an address, a web server or a queue of another account to all events: the topic's own policy denies it,
 * and only a change of the stack lifts that.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
export class EventTopic extends Topic {
  constructor(scope: Construct, id: string, { key, fifo, readers }: EventTopicProps) {
    super(scope, id, {
      masterKey: key,
      enforceSSL: true,
      ...(fifo && { fifo, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP }),
    });
    denyOtherSubscriptions(this, readers);
    allowSubscriptions(this, readers);
  }
}
