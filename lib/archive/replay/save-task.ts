import {
  BatchWriteItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import { EXPIRES_AT } from '../replay-retention.ts';
import { difference, number, stateKey, taskItem } from './replay-items.ts';
import { COUNT_NAMES, type ReplayTask } from './replay-state.ts';
import type { TableAccess } from './table-access.ts';

/** Items of one BatchWriteItem. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_WRITES = 25;
const MAX_TRIES = 8;
const PAUSE = { first: 50, longest: 2_000 } as const;

/** Writes new tasks. @throws Error when DynamoDB does not take them after several tries */
export async function addTasks(props: TableAccess, id: string, tasks: readonly ReplayTask[]): Promise<void> {
  for (let at = 0; at < tasks.length; at += MAX_WRITES) {
    let rest = tasks.slice(at, at + MAX_WRITES).map((task) => ({ PutRequest: { Item: taskItem(id, task) } }));
    for (let attempt = 1; rest.length > 0; attempt++) {
      if (attempt > 1) await pause(props, attempt);
      if (attempt > MAX_TRIES) throw new Error(`DynamoDB does not take the tasks of replay ${id}`);
      const { UnprocessedItems = {} } = await props.dynamodb.send(
        new BatchWriteItemCommand({ RequestItems: { [props.name]: rest } }),
      );
      const left = new Set((UnprocessedItems[props.name] ?? []).map((one) => one.PutRequest?.Item?.part?.S));
      rest = rest.filter(({ PutRequest }) => left.has(PutRequest.Item.part?.S));
    }
  }
}

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
  for (let attempt = 1; ; attempt++) {
    try {
      await props.dynamodb.send(command);
      return true;
    } catch (error) {
      // Another lane adds to the same counts at this moment: that passes.
      if (attempt < MAX_TRIES && isConflict(error)) await pause(props, attempt);
      // Somebody else has saved the task: this one is no longer wanted.
      else if (isOvertaken(error)) return false;
      else throw error;
    }
  }
}

function codesOf(error: unknown): readonly (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map(({ Code }) => Code);
}

function isConflict(error: unknown): boolean {
  return codesOf(error).includes('TransactionConflict');
}

function isOvertaken(error: unknown): boolean {
  return codesOf(error)[0] === 'ConditionalCheckFailed';
}

async function pause({ clock, random }: TableAccess, attempt: number): Promise<void> {
  await clock.sleep(backoffMilliseconds(attempt, { ...PAUSE, random }));
}
