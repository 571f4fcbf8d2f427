import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../aws/clock.ts';

/** What the table of the replays is reached with. */
export interface TableAccess {
  readonly dynamodb: DynamoDBClient;
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
}
