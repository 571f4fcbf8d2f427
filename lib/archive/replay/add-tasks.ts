import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { keysItem, number, stateKey, taskItem } from './replay-items.ts';
import type { PlannedTask, ReplayState } from './replay-state.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Writes new tasks, and adds them to the state: see `ReplayTable`. */
export async function addTasks(
  props: TableAccess,
  state: ReplayState,
  tasks: readonly PlannedTask[],
  cursor: string,
): Promise<ReplayState | undefined> {
  const { id, run, round } = state;
  const added = totalsOf(tasks);
  const names = [...Object.keys(added), 'status', 'run', 'round', 'cursor'];
  const command = new TransactWriteItemsCommand({
    TransactItems: [
      {
        Update: {
          TableName: props.name,
          Key: stateKey(id),
          UpdateExpression: `SET #cursor = :cursor ADD ${Object.keys(added)
            .map((name) => `#${name} :${name}`)
            .join(', ')}`,
          ConditionExpression:
            '#run = :run AND #round = :round AND #tasks = :before AND #status IN (:planning, :running)',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(added).map(([name, value]) => [`:${name}`, number(value)])),
            ':cursor': { S: cursor },
            ':run': number(run),
            ':round': number(round),
            ':before': number(state.tasks),
            ':planning': { S: 'planning' },
            ':running': { S: 'running' },
          },
        },
      },
      ...tasks
        .flatMap((task) => [taskItem(id, task), keysItem(id, task)])
        .map((Item) => ({ Put: { TableName: props.name, Item } })),
    ],
  });
  if (!(await transact(props, command))) return undefined;
  return {
    ...state,
    cursor,
    tasks: state.tasks + added.tasks,
    objects: state.objects + added.objects,
    events: state.events + added.events,
    bytes: state.bytes + added.bytes,
  };
}

function totalsOf(tasks: readonly PlannedTask[]) {
  const sum = (of: (task: PlannedTask) => number): number =>
    tasks.reduce((total, task) => total + of(task), 0);
  return {
    tasks: tasks.length,
    objects: sum(({ keys }) => keys.length),
    events: sum(({ events }) => events),
    bytes: sum(({ bytes }) => bytes),
  };
}
