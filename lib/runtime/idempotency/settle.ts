import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { executeStatements, insertion, type RecordStatement } from './batch-statements.ts';
import type { LeaseContext } from './lease-context.ts';
import { completedAttribute } from './record.ts';
import { settleOne } from './settle-one.ts';
import type { Settlement, Verdict } from './settlement.ts';

type Success = Settlement & { readonly status: 'completed' | 'published' };

/**
 * Settles events. Up to 25 successful events share one request. Each other event, and each event that this request does not settle, gets
 * its own request.
 *
 * @param until epoch milliseconds after which there is no retry
 * @param onVerdict called with the verdict of each event as soon as it is known
 */
export async function settleAll(
  leaseContext: LeaseContext,
  settlements: readonly Settlement[],
  {
    until,
    onVerdict,
  }: { readonly until: number; readonly onVerdict: (id: string, verdict: Verdict) => void },
): Promise<void> {
  const statements = executeStatements(
    leaseContext.dynamodb,
    settlements.filter(isSuccess).map((success) => statementOf(leaseContext, success)),
  );
  await Promise.all(
    settlements.map(async (settlement) => {
      const { id } = settlement.facts;
      const outcome = isSuccess(settlement) ? await statements.get(id) : undefined;
      const settled = outcome?.code === 'done';
      onVerdict(id, settled ? { status: 'settled' } : await settleOne(leaseContext, settlement, until));
    }),
  );
}

function isSuccess(settlement: Settlement): settlement is Success {
  return settlement.status === 'completed' || settlement.status === 'published';
}

function statementOf(leaseContext: LeaseContext, success: Success): RecordStatement {
  // The owner is not checked: the outbox is published, whichever invocation published it.
  if (success.status === 'published') {
    return update(leaseContext, success, { remove: ' REMOVE "outbox"', where: `AND "status"='COMMITTED'` });
  }
  if (!success.claimed) return insertCompleted(leaseContext, success);
  return update(leaseContext, success, {
    where: `AND "owner"=? AND "status"='IN_PROGRESS'`,
    parameters: [{ S: leaseContext.owner }],
  });
}

interface Change {
  readonly remove?: string;
  readonly where: string;
  readonly parameters?: readonly AttributeValue[];
}

function update(
  { table, now }: LeaseContext,
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
  { table, owner, expiresAt, now }: LeaseContext,
  { facts: { id, attributes }, startedAt, emitted }: Success,
): RecordStatement {
  return insertion(table, {
    id: { S: id },
    status: completedAttribute(now(), emitted),
    owner: { S: owner },
    attempts: { N: '1' },
    startedAt: { N: String(startedAt) },
    expiresAt: { N: String(expiresAt) },
    ...attributes,
  });
}
