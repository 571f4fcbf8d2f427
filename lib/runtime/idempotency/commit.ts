import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../backoff.ts';
import { AlreadyDone, CommitRejected, LeaseLost } from '../failures.ts';
import type { Ports } from '../ports.ts';
import { isTransient, isTransientCode } from '../transient.ts';
import { type RecordChange, recordWrite } from './commit-record.ts';
import { readRecord } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** A transaction takes 100 actions; one is the record's. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const MAX_COMMIT_WRITES = 99;
/** Contention is over in milliseconds, throttling in seconds: the pauses grow from the one to the other. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 2_000;
const FAILED_CONDITION = 'ConditionalCheckFailed';

/** One commit of one event. */
export interface Commit extends Omit<RecordChange, 'token'> {
  readonly writes: readonly TransactWriteItem[];
  /** Epoch milliseconds at which the handlers' time is over: the transaction is not sent again after it. */
  readonly until: number;
}

/**
 * Writes the effect and the record of the event in one transaction. Conflicts with other transactions and throttling
 * are tried again as long as there is time; so is a lost answer, under the same token, which DynamoDB recognises for ten
 * minutes and the record for good.
 *
 * @throws CommitRejected when a condition of the caller's own writes does not hold
 * @throws AlreadyDone when the event is done already, by another invocation or another commit
 * @throws LeaseLost when another invocation has taken it over
 */
export async function commit(
  ports: Ports,
  tenancy: Tenancy,
  { writes, until, ...change }: Commit,
): Promise<void> {
  const token = ports.newToken();
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: token,
    TransactItems: [recordWrite(tenancy, { ...change, token }), ...writes],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await ports.dynamodb.send(command);
      return;
    } catch (error) {
      if (judge(error, token, writes) === 'committed') return;
      const pause = backoffMilliseconds(attempt, {
        first: FIRST_PAUSE_MS,
        longest: LONGEST_PAUSE_MS,
        random: ports.random,
      });
      if (ports.clock.now() + pause >= until) throw error;
      await ports.clock.sleep(pause);
    }
  }
}

/** Decides what an error of the transaction means; returns only when it may be tried again, or was a success. */
function judge(
  error: unknown,
  token: string,
  writes: readonly TransactWriteItem[],
): 'committed' | 'try again' {
  if (!(error instanceof TransactionCanceledException)) {
    if (isTransient(error)) return 'try again';
    throw error;
  }
  const [own, ...others] = error.CancellationReasons ?? [];
  if (own?.Code === FAILED_CONDITION) return judgeRecord(own.Item, token);
  const codes = [own, ...others].flatMap((reason) =>
    reason?.Code === undefined || reason.Code === 'None' ? [] : [reason.Code],
  );
  // A conflict says nothing of the conditions beside it: the item that they were checked on may be about to change.
  if (
    codes.some(isTransientCode) &&
    codes.every((code) => code === FAILED_CONDITION || isTransientCode(code))
  ) {
    return 'try again';
  }
  if (codes.length === 0 || codes.some((code) => code !== FAILED_CONDITION)) throw error;
  throw new CommitRejected(
    writes.map((_, index) => ({ code: others[index]?.Code ?? 'None', item: others[index]?.Item })),
    { cause: error },
  );
}

function judgeRecord(item: Parameters<typeof readRecord>[0] | undefined, token: string): 'committed' {
  if (!item) throw new LeaseLost();
  const record = readRecord(item);
  const { status, commitToken } = record;
  const done = status === 'COMMITTED' || status === 'COMPLETED';
  // The token of this very commit: the first answer was lost, the transaction was not.
  if (done && commitToken === token) return 'committed';
  if (done) throw new AlreadyDone(record);
  throw new LeaseLost();
}
