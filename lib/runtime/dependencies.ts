import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../aws/clock.ts';
import type { LaterQueue } from '../publishing/topic/later-queue.ts';
import type { TopicPublisher } from '../publishing/topic/topic-publisher.ts';
import type { EventData } from './event/event-data.ts';
import type { GetSecret } from './secrets.ts';

/** The external dependencies of a consumer: AWS, time and random numbers. Tests replace them. */
export interface Ports {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  /** Absent when the consumer emits no events: then it has no topic and no permission to publish. */
  readonly publisher?: TopicPublisher | undefined;
  /** Absent when the consumer emits nothing that comes later. */
  readonly later?: LaterQueue | undefined;
  /** What the consumer is called in the sources and ids of what it emits. @default - its name */
  readonly emitterName?: string | undefined;
  /** Fetches the data of events that carry a link. */
  readonly eventData: EventData;
  readonly getSecret: GetSecret;
  readonly clock: Clock;
  /** A random number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** A new, unique token. */
  readonly newToken: () => string;
}
