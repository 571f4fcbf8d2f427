import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  executeStatements,
  insertion,
  type RecordStatement,
  type StatementOutcome,
} from './batch-statements.ts';
import type { EventFacts } from './facts.ts';
import { completedAttribute } from './record.ts';
import { type Failure, settleFailed } from './settle-failed.ts';
import type { Tenancy } from './tenancy.ts';

/** How an event ended with this invocation. */
export type Settlement = Failure | Success;

/** An event that is done, and the types of what it caused, in their order. */
interface Success {
  readonly facts: EventFacts;
  /** `completed`: handled, with no commit. `published`: committed, and the events of its outbox are published. */
  readonly as: 'completed' | 'published';
  readonly emitted: readonly string[];
}

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
        one.as === 'completed' ? completeClaimed(tenancy, one) : completePublished(tenancy, one),
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
        one.as === 'completed' ? insertCompleted(tenancy, one) : completePublished(tenancy, one),
      ),
    ),
    settleFailed(tenancy, failures, false),
  ]);
  const again = successes.filter(({ facts }) => first.get(facts.id)?.code === 'DuplicateItem');
  const second = await executeStatements(
    tenancy.dynamodb,
    again.map((one) => completeFailed(tenancy, one)),
  );
  return new Map([...first, ...failed, ...second]);
}

function partition(settlements: readonly Settlement[]): [Success[], Failure[]] {
  return [settlements.filter((one) => one.as !== 'failed'), settlements.filter((one) => one.as === 'failed')];
}

function completeClaimed(tenancy: Tenancy, success: Success): RecordStatement {
  return completion(tenancy, success, {
    where: `AND "owner"=? AND "status"='IN_PROGRESS'`,
    parameters: [{ S: tenancy.owner }],
  });
}

/** Not fenced by the owner: whoever published the outbox, it is published. */
function completePublished(tenancy: Tenancy, success: Success): RecordStatement {
  return completion(tenancy, success, { remove: ' REMOVE "outbox"', where: `AND "status"='COMMITTED'` });
}

function completeFailed(tenancy: Tenancy, success: Success): RecordStatement {
  return completion(tenancy, success, { where: `AND "status"='FAILED'` });
}

interface Completion {
  readonly remove?: string;
  readonly where: string;
  readonly parameters?: readonly AttributeValue[];
}

function completion(
  { table, now }: Tenancy,
  { facts: { id }, emitted }: Success,
  { remove = '', where, parameters = [] }: Completion,
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
