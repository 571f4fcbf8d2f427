import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { MAX_COMMIT_WRITES } from '../idempotency/commit.ts';

const ACTIONS = ['Put', 'Update', 'Delete', 'ConditionCheck'] as const;

/**
 * Checks the writes of a commit before they are sent: DynamoDB refuses the whole transaction with a message that names none of them.
 *
 * @throws TypeError that names the write by its index
 */
export function checkWrites(writes: readonly TransactWriteItem[]): void {
  if (!Array.isArray(writes)) {
    throw new TypeError('a commit takes a list of writes; for none, give an empty list');
  }
  if (writes.length > MAX_COMMIT_WRITES) {
    throw new TypeError(
      `a commit takes ${MAX_COMMIT_WRITES} writes at most, got ${writes.length}; split the event`,
    );
  }
  for (const [index, write] of writes.entries()) {
    const actions = ACTIONS.filter((action) => write?.[action] !== undefined);
    const [action] = actions;
    if (action === undefined || actions.length > 1) {
      throw new TypeError(
        `write ${index} of the commit has ${actions.join(' and ') || 'no action'}; make it with putItem, updateItem, deleteItem or conditionCheck`,
      );
    }
    if (typeof write[action]?.TableName !== 'string') {
      throw new TypeError(`write ${index} of the commit names no table; take its name from ctx.tables`);
    }
  }
}
