import { BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { recordKey } from '../../contracts/delivery/replay.ts';
import { MAX_BATCH_STATEMENTS } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import type { DeployedConsumer } from '../deployment.ts';

/** What an operator did with a dead letter. */
export type Operation = 'purged' | 'redriven';

/** Conditions under which a record gets a note. After a redrive the event may have begun again already; then `dead` is removed. */
const CONDITIONS: Readonly<Record<Operation, string>> = {
  purged: `("status"='FAILED' OR "status"='IN_PROGRESS')`,
  redriven: `"status"='FAILED' AND "dead"=true`,
};

/**
 * Writes into the records of dead letters what an operator did with them, so that traces show it. 25 of them need one request and 25 write units. The
 * next attempt removes the note. A record that does not exist, or whose event is done or has begun again, is not changed.
 *
 * @param deadLetters dead letters that are no events have no record, and are skipped
 * @returns whether all notes were written. What happens to a message must not depend on it.
 */
export async function noteOperation(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  { idempotencyTable: table }: Pick<DeployedConsumer, 'idempotencyTable'>,
  deadLetters: readonly Pick<DeadLetter, 'eventId' | 'source' | 'replay'>[],
  operation: Operation,
): Promise<boolean> {
  const note = `${operation} ${new Date().toISOString()}`;
  const keys = deadLetters.flatMap(({ eventId: id, source, replay }) =>
    id === undefined || source === undefined ? [] : recordKey({ source, id }, replay),
  );
  try {
    for (let start = 0; start < keys.length; start += MAX_BATCH_STATEMENTS) {
      await dynamodb.send(
        new BatchExecuteStatementCommand({
          Statements: [...new Set(keys.slice(start, start + MAX_BATCH_STATEMENTS))].map((id) => ({
            Statement: `UPDATE "${table}" SET "operation"=? WHERE "id"=? AND ${CONDITIONS[operation]}`,
            Parameters: [{ S: note }, { S: id }],
          })),
        }),
      );
    }
    return true;
  } catch {
    // The operator may have no permission to write records. Then the trace shows that the message is gone.
    return false;
  }
}

/** Parses such a note; undefined when the text is no note. */
export function readOperation(text = ''): { readonly status: Operation; readonly since: number } | undefined {
  const [word, time = ''] = text.split(' ');
  const since = Date.parse(time);
  if ((word !== 'purged' && word !== 'redriven') || Number.isNaN(since)) return undefined;
  return { status: word, since };
}
