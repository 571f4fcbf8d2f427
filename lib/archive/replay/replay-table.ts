import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { addTasks } from './add-tasks.ts';
import { changeState, type StateChange } from './change-state.ts';
import {
  AFTER_TASKS,
  type Item,
  keysKey,
  partOf,
  readKeys,
  readState,
  readTask,
  STATES,
  stateItem,
  stateKey,
  taskKey,
} from './replay-items.ts';
import type { PlannedTask, ReplayState, ReplayTask } from './replay-state.ts';
import { expireReplay } from './retention/expire-replay.ts';
import { saveTask } from './save-task.ts';
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
  /** @param from number of the first. @default 0 */
  tasksOf(id: string, from?: number): AsyncIterable<ReplayTask>;
  task(id: string, number: number): Promise<ReplayTask | undefined>;
  /** The keys of the objects of a task. @throws Error when there is no such task */
  keysOf(id: string, number: number): Promise<readonly string[]>;
  /**
   * Writes at most 25 new tasks, counts them in the state, and notes how far the planning is, all or nothing.
   *
   * @param state as it was read or returned last
   * @returns the state afterwards; undefined when it is in another run or round, has other tasks, or is neither planning nor running
   */
  addTasks(
    state: ReplayState,
    tasks: readonly PlannedTask[],
    cursor: string,
  ): Promise<ReplayState | undefined>;
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
    async *tasksOf(id, from = 0) {
      for await (const { Items = [] } of paginateQuery({ client }, tasksFrom(TableName, id, from)))
        yield* Items.map(readTask);
    },
    task: async (id, at) => {
      const item = await get(taskKey(id, at));
      return item && readTask(item);
    },
    keysOf: async (id, at) => {
      const item = await get(keysKey(id, at));
      if (item) return readKeys(item);
      throw new Error(`task ${at} of replay ${id} has no keys; the table has lost them`);
    },
    addTasks: (state, tasks, cursor) => addTasks(props, state, tasks, cursor),
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

function tasksFrom(TableName: string, id: string, from: number) {
  const { ExpressionAttributeValues, ...query } = collection(TableName, id);
  return {
    ...query,
    KeyConditionExpression: `${query.KeyConditionExpression} AND part BETWEEN :first AND :last`,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':first': { S: partOf(from) },
      ':last': { S: AFTER_TASKS },
    },
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
