import { executeStatements, type RecordStatement, type StatementOutcome } from './batch-statements.ts';
import { type Failure, settleFailed } from './settle-failed.ts';
import type { Tenancy } from './tenancy.ts';

/** How an event ended with this invocation. */
export type Settlement =
  | Failure
  /** Handled, with no commit. */
  | { readonly id: string; readonly as: 'completed' }
  /** Committed, and the events of its outbox are published. */
  | { readonly id: string; readonly as: 'published' };

type Success = Exclude<Settlement, Failure>;

/**
 * Settles claimed events, each only while it is still this invocation's: all that went well in one request for up to
 * 25, and what failed in one request each.
 */
export async function settleClaimed(
  tenancy: Tenancy,
  settlements: readonly Settlement[],
): Promise<Map<string, StatementOutcome>> {
  const [successes, failures] = partition(settlements);
  const outcomes = await Promise.all([
    executeStatements(
      tenancy.dynamodb,
      successes.map((one) =>
        one.as === 'completed' ? completeClaimed(tenancy, one.id) : completePublished(tenancy, one.id),
      ),
    ),
    settleFailed(tenancy, failures, true),
  ]);
  return new Map(outcomes.flatMap((one) => [...one]));
}

/**
 * Settles events that were never claimed (`effects: 'commit'`). Those with no record get one; those that failed before
 * are brought up to date in a second request; whatever is committed or completed stays as it is.
 */
export async function settleUnclaimed(
  tenancy: Tenancy,
  settlements: readonly Settlement[],
): Promise<Map<string, StatementOutcome>> {
  const [successes, failures] = partition(settlements);
  const [first, failed] = await Promise.all([
    executeStatements(
      tenancy.dynamodb,
      successes.map((one) =>
        one.as === 'completed' ? insertCompleted(tenancy, one.id) : completePublished(tenancy, one.id),
      ),
    ),
    settleFailed(tenancy, failures, false),
  ]);
  const again = successes.filter(({ id }) => first.get(id)?.code === 'DuplicateItem');
  const second = await executeStatements(
    tenancy.dynamodb,
    again.map(({ id }) => completeFailed(tenancy, id)),
  );
  return new Map([...first, ...failed, ...second]);
}

function partition(settlements: readonly Settlement[]): [Success[], Failure[]] {
  return [settlements.filter((one) => one.as !== 'failed'), settlements.filter((one) => one.as === 'failed')];
}

function completeClaimed({ table, owner }: Tenancy, id: string): RecordStatement {
  return {
    id,
    statement: `UPDATE "${table}" SET "status"='COMPLETED' WHERE "id"=? AND "owner"=? AND "status"='IN_PROGRESS'`,
    parameters: [{ S: id }, { S: owner }],
  };
}

/** Not fenced by the owner: whoever published the outbox, it is published. */
function completePublished({ table }: Tenancy, id: string): RecordStatement {
  return {
    id,
    statement: `UPDATE "${table}" SET "status"='COMPLETED' REMOVE "outbox" WHERE "id"=? AND "status"='COMMITTED'`,
    parameters: [{ S: id }],
  };
}

function insertCompleted({ table, owner, expiresAt }: Tenancy, id: string): RecordStatement {
  return {
    id,
    statement: `INSERT INTO "${table}" VALUE {'id':?,'status':'COMPLETED','owner':?,'attempts':1,'expiresAt':?}`,
    parameters: [{ S: id }, { S: owner }, { N: String(expiresAt) }],
  };
}

function completeFailed({ table }: Tenancy, id: string): RecordStatement {
  return {
    id,
    statement: `UPDATE "${table}" SET "status"='COMPLETED' WHERE "id"=? AND "status"='FAILED'`,
    parameters: [{ S: id }],
  };
}
