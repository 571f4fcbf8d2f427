import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { changeState, type StateChange } from './change-state.ts';
import { type Item, readState, readTask, STATES, stateItem, stateKey, taskKey } from './replay-items.ts';
import type { ReplayState, ReplayTask } from './replay-state.ts';
import { expireReplay } from './retention/expire-replay.ts';
import { addTasks, saveTask } from './save-task.ts';
import type { TableAccess } from './table-access.ts';

/** The table of the replays of a bus. */
export interface ReplayTable {
  /** Writes the state of a new replay. @returns false when there is one of this id */
  create(state: ReplayState): Promise<boolean>;
  read(id: string): Promise<ReplayState | undefined>;
  /** The latest replays first. */
  latest(limit: number): Promise<ReplayState[]>;
  /** An end lets the table forget the replay after `REPLAY_DAYS`. @returns the state afterwards; undefined when its conditions do not hold */
  change(id: string, change: StateChange): Promise<ReplayState | undefined>;
  tasksOf(id: string): AsyncIterable<ReplayTask>;
  task(id: string, number: number): Promise<ReplayTask | undefined>;
  addTasks(id: string, tasks: readonly ReplayTask[]): Promise<void>;
  /**
   * Saves a task, and adds to the counts of the replay what has been counted since.
   *
   * @param before as it was read or saved last
   * @returns false when somebody else has saved it meanwhile
   */
  save(id: string, before: ReplayTask, after: Omit<ReplayTask, 'saves'>): Promise<boolean>;
}

export function createReplayTable(props: TableAccess): ReplayTable {
  const { dynamodb: client, name: TableName } = props;
  const get = async (Key: Item) =>
    (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  return {
    create: (state) => createState(props, state),
    read: async (id) => {
      const item = await get(stateKey(id));
      return item && readState(item);
    },
    latest: async (Limit) => {
      const input = { ...collection(TableName, STATES), Limit, ScanIndexForward: false };
      const { Items = [] } = await client.send(new QueryCommand(input));
      return Items.map(readState);
    },
    change: async (id, change) => {
      const state = await changeState(props, id, change);
      if (state?.endedAt !== undefined) await expireReplay(props, id, state.endedAt);
      return state;
    },
    async *tasksOf(id) {
      for await (const { Items = [] } of paginateQuery({ client }, collection(TableName, id)))
        yield* Items.map(readTask);
    },
    task: async (id, at) => {
      const item = await get(taskKey(id, at));
      return item && readTask(item);
    },
    addTasks: (id, tasks) => addTasks(props, id, tasks),
    save: (id, before, after) => saveTask(props, id, before, after),
  };
}

function collection(TableName: string, partition: string) {
  return {
    TableName,
    KeyConditionExpression: 'replay = :replay',
    ExpressionAttributeValues: { ':replay': { S: partition } },
    ConsistentRead: true,
  };
}

async function createState({ dynamodb, name }: TableAccess, state: ReplayState): Promise<boolean> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: name,
        Item: stateItem(state),
        ConditionExpression: 'attribute_not_exists(part)',
      }),
    );
    return true;
  } catch (error) {
    // There is one of this id: the caller goes on with that one.
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
