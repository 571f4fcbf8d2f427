import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The owner token, the lease and the table of one invocation. */
export interface Tenancy {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  /** Token of this invocation, which no other has: the fence. */
  readonly owner: string;
  /** Epoch milliseconds at which the invocation began. */
  readonly startedAt: number;
  /** Epoch milliseconds: the invocation's own deadline. */
  readonly leaseUntil: number;
  /** Epoch milliseconds until which settlements are tried again. */
  readonly settlingEndsAt: number;
  /** Epoch seconds at which DynamoDB may forget the record. */
  readonly expiresAt: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
}
