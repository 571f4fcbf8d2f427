import {
  type CancellationReason,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../backoff.ts';
import { AlreadyDone, CommitRejected, LeaseLost } from '../failures.ts';
import type { Ports } from '../ports.ts';
import type { EventFacts } from './facts.ts';
import { completedAttribute, outboxAttribute, readRecord } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** A transaction takes 100 actions; one is the record's. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const MAX_COMMIT_WRITES = 99;
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 400;
const PASSING_REASONS = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** One commit of one event. */
export interface Commit {
  readonly facts: EventFacts;
  readonly writes: readonly TransactWriteItem[];
  readonly outbox: readonly string[];
  /** Epoch milliseconds at which the handler began. */
  readonly startedAt: number;
  /** Receive count of the message. */
  readonly attempt: number;
  /** Whether the event was claimed before; if not, the transaction itself is the claim. */
  readonly claimed: boolean;
}

/**
 * Writes the effect and the record of the event in one transaction. Conflicts with other transactions and throttling
 * are tried again a few times; so is a lost answer, under the same token, which DynamoDB recognises.
 *
 * @throws CommitRejected when a condition of the caller's own writes does not hold
 * @throws AlreadyDone when another invocation has committed this event
 * @throws LeaseLost when another invocation has taken it over
 */
export async function commit(ports: Ports, tenancy: Tenancy, input: Commit): Promise<void> {
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: ports.newToken(),
    TransactItems: [recordWrite(tenancy, input), ...input.writes],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await ports.dynamodb.send(command);
      return;
    } catch (error) {
      const passing = judge(error, tenancy, input);
      if (passing === 'committed') return;
      if (attempt === MAX_TRIES) throw error;
      const pause = backoffMilliseconds(attempt, {
        first: FIRST_PAUSE_MS,
        longest: LONGEST_PAUSE_MS,
        random: ports.random,
      });
      await ports.clock.sleep(pause);
    }
  }
}

function recordWrite(
  tenancy: Tenancy,
  { facts, outbox, attempt, startedAt, claimed }: Commit,
): TransactWriteItem {
  const { table, owner, expiresAt, now } = tenancy;
  const { id, attributes } = facts;
  const status = outbox.length > 0 ? { S: 'COMMITTED' } : completedAttribute(now(), []);
  const names = { '#status': 'status', '#owner': 'owner' };
  if (claimed) {
    return {
      Update: {
        TableName: table,
        Key: { id: { S: id } },
        UpdateExpression:
          outbox.length > 0 ? 'SET #status = :status, outbox = :outbox' : 'SET #status = :status',
        ConditionExpression: '#owner = :owner AND #status = :inProgress',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':status': status,
          ':owner': { S: owner },
          ':inProgress': { S: 'IN_PROGRESS' },
          ...(outbox.length > 0 && { ':outbox': outboxAttribute(outbox) }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }
  return {
    Put: {
      TableName: table,
      Item: {
        id: { S: id },
        status,
        owner: { S: owner },
        attempts: { N: String(attempt) },
        startedAt: { N: String(startedAt) },
        expiresAt: { N: String(expiresAt) },
        ...attributes,
        ...(outbox.length > 0 && { outbox: outboxAttribute(outbox) }),
      },
      ConditionExpression:
        'attribute_not_exists(id) OR #status = :failed OR (#status = :inProgress AND leaseUntil < :now) OR expiresAt < :nowSeconds',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':failed': { S: 'FAILED' },
        ':inProgress': { S: 'IN_PROGRESS' },
        ':now': { N: String(now()) },
        ':nowSeconds': { N: String(Math.floor(now() / 1000)) },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** Decides what an error of the transaction means; returns only when it may be tried again, or was a success. */
function judge(error: unknown, { owner }: Tenancy, { writes }: Commit): 'committed' | 'try again' {
  if (error instanceof TransactionInProgressException) return 'try again';
  if (!(error instanceof TransactionCanceledException)) {
    if (isPassing(error)) return 'try again';
    throw error;
  }
  const [own, ...others] = error.CancellationReasons ?? [];
  if (own?.Code === 'ConditionalCheckFailed') return judgeRecord(own, owner);
  if (others.some(({ Code }) => Code === 'ConditionalCheckFailed')) {
    throw new CommitRejected(
      writes.map((_, index) => ({ code: others[index]?.Code ?? 'None', item: others[index]?.Item })),
      { cause: error },
    );
  }
  if ([own, ...others].every((reason) => PASSING_REASONS.has(reason?.Code ?? 'None'))) return 'try again';
  throw error;
}

function judgeRecord({ Item }: CancellationReason, owner: string): 'committed' {
  if (!Item) throw new LeaseLost();
  const record = readRecord(Item);
  const done = record.status === 'COMMITTED' || record.status === 'COMPLETED';
  // Our own token on a finished record: the first answer was lost, the transaction was not.
  if (done && record.owner === owner) return 'committed';
  if (done) throw new AlreadyDone(record.outbox);
  throw new LeaseLost();
}

/** The SDK has tried these again already; a transaction is worth a little more patience. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $retryable, $metadata } = error as Error & {
    readonly $retryable?: object;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return (
    $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 || NETWORK_ERRORS.has(error.name)
  );
}

const NETWORK_ERRORS = new Set([
  'TimeoutError',
  'NetworkingError',
  'ThrottlingException',
  'RequestLimitExceeded',
]);
