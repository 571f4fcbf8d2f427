import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { executeStatements, insertion, type RecordStatement } from './batch-statements.ts';
import { completedAttribute } from './record.ts';
import { settleOne } from './settle-one.ts';
import type { Settlement, Verdict } from './settlement.ts';
import type { Tenancy } from './tenancy.ts';

type Success = Settlement & { readonly as: 'completed' | 'published' };

/**
 * Settles events: all that went well in one request for up to 25, and whatever that request does not settle, or is no
 * plain success, in a request of its own.
 *
 * @param until epoch milliseconds; nothing is tried again after it
 * @param onVerdict told what each record says, as soon as it is known
 */
export async function settleAll(
  tenancy: Tenancy,
  settlements: readonly Settlement[],
  {
    until,
    onVerdict,
  }: { readonly until: number; readonly onVerdict: (id: string, verdict: Verdict) => void },
): Promise<void> {
  const statements = executeStatements(
    tenancy.dynamodb,
    settlements.filter(isSuccess).map((success) => statementOf(tenancy, success)),
  );
  await Promise.all(
    settlements.map(async (settlement) => {
      const { id } = settlement.facts;
      const outcome = isSuccess(settlement) ? (await statements).get(id) : undefined;
      const settled = outcome?.code === 'done';
      onVerdict(id, settled ? { kind: 'settled' } : await settleOne(tenancy, settlement, until));
    }),
  );
}

function isSuccess(settlement: Settlement): settlement is Success {
  return settlement.as === 'completed' || settlement.as === 'published';
}

function statementOf(tenancy: Tenancy, success: Success): RecordStatement {
  // Not fenced by the owner: whoever published the outbox, it is published.
  if (success.as === 'published') {
    return update(tenancy, success, { remove: ' REMOVE "outbox"', where: `AND "status"='COMMITTED'` });
  }
  if (!success.claimed) return insertCompleted(tenancy, success);
  return update(tenancy, success, {
    where: `AND "owner"=? AND "status"='IN_PROGRESS'`,
    parameters: [{ S: tenancy.owner }],
  });
}

interface Change {
  readonly remove?: string;
  readonly where: string;
  readonly parameters?: readonly AttributeValue[];
}

function update(
  { table, now }: Tenancy,
  { facts: { id }, emitted }: Success,
  { remove = '', where, parameters = [] }: Change,
): RecordStatement {
  return {
    id,
    statement: `UPDATE "${table}" SET "status"=?${remove} WHERE "id"=? ${where}`,
    parameters: [completedAttribute(now(), emitted), { S: id }, ...parameters],
  };
}

function insertCompleted(
  { table, owner, expiresAt, now }: Tenancy,
  { facts: { id, attributes }, emitted }: Success,
): RecordStatement {
  return insertion(table, {
    id: { S: id },
    status: completedAttribute(now(), emitted),
    owner: { S: owner },
    attempts: { N: '1' },
    expiresAt: { N: String(expiresAt) },
    ...attributes,
  });
}
