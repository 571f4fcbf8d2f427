import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EXPIRES_AT } from '../replay-retention.ts';
import { difference, number, stateKey, taskItem } from './replay-items.ts';
import { COUNT_NAMES, type ReplayTask } from './replay-state.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Saves a task, and adds what was counted since to the state: see `ReplayTable`. */
export async function saveTask(
  props: TableAccess,
  id: string,
  before: ReplayTask,
  after: Omit<ReplayTask, 'saves'>,
): Promise<boolean> {
  const more = difference(after.counts, before.counts);
  const isDone = after.status === 'done' && before.status !== 'done';
  const added = [
    ...COUNT_NAMES.map((count) => [count, more[count]] as const),
    ['doneTasks', isDone ? 1 : 0] as const,
  ];
  const command = new TransactWriteItemsCommand({
    TransactItems: [
      {
        Put: {
          TableName: props.name,
          Item: taskItem(id, { ...after, saves: before.saves + 1 }),
          // A task of a replay that has ended is not written again: it would stay for ever.
          ConditionExpression: 'saves = :saves AND attribute_not_exists(#expiresAt)',
          ExpressionAttributeNames: { '#expiresAt': EXPIRES_AT },
          ExpressionAttributeValues: { ':saves': number(before.saves) },
        },
      },
      {
        Update: {
          TableName: props.name,
          Key: stateKey(id),
          UpdateExpression: `ADD ${added.map(([field]) => `#${field} :${field}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(added.map(([field]) => [`#${field}`, field])),
          ExpressionAttributeValues: Object.fromEntries(
            added.map(([field, value]) => [`:${field}`, number(value)]),
          ),
        },
      },
    ],
  });
  return transact(props, command);
}
