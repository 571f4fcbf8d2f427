import { TransactionCanceledException, type TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import type { TableAccess } from './table-access.ts';

const MAX_TRIES = 8;
const PAUSE = { first: 50, longest: 2_000 } as const;

/**
 * Writes a transaction whose first item has the condition. It is repeated when somebody else writes to one of its items at this moment, as
 * another lane that adds to the same counts.
 *
 * @returns false when the condition does not hold
 */
export async function transact(
  { dynamodb, clock, random }: TableAccess,
  command: TransactWriteItemsCommand,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await dynamodb.send(command);
      return true;
    } catch (error) {
      // A conflict passes; a condition that does not hold is the answer.
      if (attempt < MAX_TRIES && codesOf(error).includes('TransactionConflict'))
        await clock.sleep(backoffMilliseconds(attempt, { ...PAUSE, random }));
      else if (codesOf(error)[0] === 'ConditionalCheckFailed') return false;
      else throw error;
    }
  }
}

function codesOf(error: unknown): readonly (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map(({ Code }) => Code);
}
