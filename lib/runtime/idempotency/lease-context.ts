import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The owner token, the lease and the table of one invocation. */
export interface LeaseContext {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  /** Unique token of this invocation. Writes to records check it, so that a lost lease has no effect. */
  readonly owner: string;
  /** Epoch milliseconds at which the invocation began. */
  readonly startedAt: number;
  /** Epoch milliseconds: the invocation's own deadline. */
  readonly leaseUntil: number;
  /** Epoch seconds after which DynamoDB may delete the record. */
  readonly expiresAt: number;
  /** The current time in epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A random number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
}

/** What claiming works with. */
export interface ClaimContext extends LeaseContext {
  /**
   * Fires when nobody waits for the claim any more. Then nothing more is sent: a claim that is made after its event was given back would
   * be taken for that of a process that has died.
   */
  readonly signal: AbortSignal;
}
