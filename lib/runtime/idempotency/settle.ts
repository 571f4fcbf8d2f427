import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { executeStatements, type RecordStatement, type StatementOutcome } from './batch-statements.ts';
import { errorAttribute } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** How an event ended with this invocation. */
export type Settlement =
  /** Handled, with no commit. */
  | { readonly id: string; readonly as: 'completed' }
  /** Committed, and the events of its outbox are published. */
  | { readonly id: string; readonly as: 'published' }
  | { readonly id: string; readonly as: 'failed'; readonly error: Error; readonly attempt: number };

/** `settled`, `superseded` when the record says otherwise by now, or the code of an error. */
export type SettleOutcome = StatementOutcome;

/** Settles claimed events in one request for up to 25: each only while it is still this invocation's. */
export function settleClaimed(
  tenancy: Tenancy,
  settlements: readonly Settlement[],
): Promise<Map<string, StatementOutcome>> {
  return executeStatements(
    tenancy.dynamodb,
    settlements.map((settlement) => settleStatement(tenancy, settlement)),
  );
}

function settleStatement({ table, owner }: Tenancy, settlement: Settlement): RecordStatement {
  const { id } = settlement;
  const mine: AttributeValue[] = [{ S: id }, { S: owner }];
  switch (settlement.as) {
    case 'completed':
      return {
        id,
        statement: `UPDATE "${table}" SET "status"='COMPLETED' WHERE "id"=? AND "owner"=? AND "status"='IN_PROGRESS'`,
        parameters: mine,
      };
    case 'published':
      // Not fenced by the owner: whoever published the outbox, it is published.
      return {
        id,
        statement: `UPDATE "${table}" SET "status"='COMPLETED' REMOVE "outbox" WHERE "id"=? AND "status"='COMMITTED'`,
        parameters: [{ S: id }],
      };
    case 'failed':
      return {
        id,
        statement: `UPDATE "${table}" SET "status"='FAILED', "error"=? WHERE "id"=? AND "owner"=? AND "status"='IN_PROGRESS'`,
        parameters: [errorAttribute(settlement.error), ...mine],
      };
  }
}

/**
 * Settles events that were never claimed (`effects: 'commit'`). Those with no record get one; those that failed before
 * are brought up to date in a second request; whatever is committed or completed stays as it is.
 */
export async function settleUnclaimed(
  tenancy: Tenancy,
  settlements: readonly Settlement[],
): Promise<Map<string, StatementOutcome>> {
  const published = settlements.filter(({ as }) => as === 'published');
  const others = settlements.filter(({ as }) => as !== 'published');
  const [first, outcomes] = await Promise.all([
    executeStatements(
      tenancy.dynamodb,
      others.map((settlement) => insertStatement(tenancy, settlement)),
    ),
    settleClaimed(tenancy, published),
  ]);
  const again = others.filter(({ id }) => first.get(id)?.code === 'DuplicateItem');
  const second = await executeStatements(
    tenancy.dynamodb,
    again.map((settlement) => amendStatement(tenancy, settlement)),
  );
  return new Map([...outcomes, ...first, ...second]);
}

function insertStatement({ table, owner, expiresAt }: Tenancy, settlement: Settlement): RecordStatement {
  const { id } = settlement;
  const failed = settlement.as === 'failed';
  const error = failed ? [errorAttribute(settlement.error)] : [];
  return {
    id,
    statement: `INSERT INTO "${table}" VALUE {'id':?,'status':?,'owner':?,'attempts':?,'expiresAt':?${failed ? `,'error':?` : ''}}`,
    parameters: [
      { S: id },
      { S: failed ? 'FAILED' : 'COMPLETED' },
      { S: owner },
      { N: String(failed ? settlement.attempt : 1) },
      { N: String(expiresAt) },
      ...error,
    ],
  };
}

function amendStatement({ table }: Tenancy, settlement: Settlement): RecordStatement {
  const { id } = settlement;
  if (settlement.as !== 'failed') {
    return {
      id,
      statement: `UPDATE "${table}" SET "status"='COMPLETED' WHERE "id"=? AND "status"='FAILED'`,
      parameters: [{ S: id }],
    };
  }
  return {
    id,
    statement: `UPDATE "${table}" SET "attempts"=?, "error"=? WHERE "id"=? AND "status"='FAILED'`,
    parameters: [{ N: String(settlement.attempt) }, errorAttribute(settlement.error), { S: id }],
  };
}
