import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from './clock.ts';
import type { EventData } from './event-data.ts';
import type { TopicPublisher } from './publisher.ts';

/** Everything through which a consumer touches the world: AWS, time and chance. A test puts its own in. */
export interface Ports {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  /** Absent when the consumer emits nothing: it has no topic then, and no right to publish. */
  readonly publisher?: TopicPublisher | undefined;
  /** Gets the data of events that carry a link. */
  readonly eventData: EventData;
  readonly clock: Clock;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** A token that nobody has had before. */
  readonly newToken: () => string;
}
