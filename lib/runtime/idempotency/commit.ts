import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import { isTransient, isTransientCode } from '../../aws/transient.ts';
import type { Ports } from '../dependencies.ts';
import { AlreadyCompletedError, CommitRejectedError, LeaseLostError } from '../errors.ts';
import { type RecordChange, recordWrite } from './commit-record.ts';
import type { LeaseContext } from './lease-context.ts';
import { readRecord } from './record.ts';

/** A transaction takes 100 actions; one is the record's. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const MAX_COMMIT_WRITES = 99;
/** Contention ends within milliseconds, throttling within seconds. The pauses grow from the first to the second. */
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
 * Writes the effect and the record of the event in one transaction. Conflicts with other transactions, throttling and lost answers are
 * retried while there is time. A retry has the same token: DynamoDB recognises it for ten minutes, and the record keeps it.
 *
 * @throws CommitRejectedError when a condition of the caller's own writes does not hold
 * @throws AlreadyCompletedError when the event is done already, by another invocation or another commit
 * @throws LeaseLostError when another invocation has taken it over
 */
export async function commit(
  ports: Ports,
  leaseContext: LeaseContext,
  { writes, until, ...change }: Commit,
): Promise<void> {
  const token = ports.newToken();
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: token,
    TransactItems: [recordWrite(leaseContext, { ...change, token }), ...writes],
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

/** Decides what an error of the transaction means. It returns when the transaction may be retried or has succeeded, and throws otherwise. */
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
  // With a conflict, a failed condition beside it is not final: the item that it checked may be changing now.
  if (
    codes.some(isTransientCode) &&
    codes.every((code) => code === FAILED_CONDITION || isTransientCode(code))
  ) {
    return 'try again';
  }
  if (codes.length === 0 || codes.some((code) => code !== FAILED_CONDITION)) throw error;
  throw new CommitRejectedError(
    writes.map((_, index) => ({ code: others[index]?.Code ?? 'None', item: others[index]?.Item })),
    { cause: error },
  );
}

function judgeRecord(item: Parameters<typeof readRecord>[0] | undefined, token: string): 'committed' {
  if (!item) throw new LeaseLostError();
  const record = readRecord(item);
  const { status, commitToken } = record;
  const done = status === 'COMMITTED' || status === 'COMPLETED';
  // The token is the one of this commit: the transaction has succeeded, and only its answer was lost.
  if (done && commitToken === token) return 'committed';
  if (done) throw new AlreadyCompletedError(record);
  throw new LeaseLostError();
}
