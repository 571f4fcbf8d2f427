import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What one invocation holds its records with. */
export interface Tenancy {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  /** Token of this invocation, which no other has: the fence. */
  readonly owner: string;
  /** Epoch milliseconds: the invocation's own deadline. */
  readonly leaseUntil: number;
  /** Epoch seconds at which DynamoDB may forget the record. */
  readonly expiresAt: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
