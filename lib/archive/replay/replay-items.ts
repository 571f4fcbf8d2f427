import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import {
  COUNT_NAMES,
  type PlannedTask,
  type ReplayCounts,
  type ReplayState,
  type ReplayTask,
} from './replay-state.ts';

/**
 * The items of the table. The states of all replays are in one collection, whose sort key is the id, so the latest are found by one query.
 * The tasks of a replay are a collection of their own, and the keys
 * of their objects are items beside them.
 */
export type Item = Record<string, AttributeValue>;

/** Partition key of the states. */
export const STATES = 'state';

/** Counters of a state that are added to. They are attributes; what else it has is JSON, because nothing asks for it. */
const COUNTERS = [
  ...COUNT_NAMES,
  'tasks',
  'doneTasks',
  'objects',
  'events',
  'bytes',
  'run',
  'round',
] as const;

export function stateKey(id: string): Item {
  return { replay: { S: STATES }, part: { S: id } };
}

export function taskKey(id: string, task: number): Item {
  return { replay: { S: id }, part: { S: partOf(task) } };
}

export function keysKey(id: string, task: number): Item {
  return { replay: { S: id }, part: { S: `keys#${digitsOf(task)}` } };
}

/** The name of a task, such as `task#000000012`; names are in the order of the numbers. */
export function partOf(task: number): string {
  return `task#${digitsOf(task)}`;
}

/** Comes after the names of all tasks. */
export const AFTER_TASKS = 'task#~';

/** An archive of a trillion events has fewer tasks. */
function digitsOf(task: number): string {
  return String(task).padStart(9, '0');
}

/** The number of a task; undefined when it is no name of one. */
export function taskNumberOf(part: string): number | undefined {
  const [, digits] = /^task#(\d+)$/.exec(part) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

export function stateItem(state: ReplayState): Item {
  const { id, status, problem, endedAt, plannedTo, cursor, waitsSince, ...rest } = state;
  const counters = Object.fromEntries(COUNTERS.map((name) => [name, number(rest[name])]));
  const request = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in counters)));
  return {
    ...stateKey(id),
    status: { S: status },
    plannedTo: number(plannedTo),
    ...(problem !== undefined && { problem: { S: problem } }),
    ...(endedAt !== undefined && { endedAt: number(endedAt) }),
    ...(cursor !== undefined && { cursor: { S: cursor } }),
    ...(waitsSince !== undefined && { waitsSince: number(waitsSince) }),
    ...counters,
    content: { S: JSON.stringify(request) },
  };
}

/** @throws Error when it is no item of a replay */
export function readState(item: Item): ReplayState {
  const counters = Object.fromEntries(COUNTERS.map((name) => [name, Number(item[name]?.N ?? 0)]));
  return {
    // This file alone writes the content, from a state. Its policies have the keys that a user has typed.
    ...(parseStoredJson(textOf(item, 'content'), 'the content of a replay') as ReplayState),
    ...counters,
    id: textOf(item, 'part'),
    status: textOf(item, 'status') as ReplayState['status'],
    plannedTo: Number(item.plannedTo?.N ?? 0),
    problem: item.problem?.S,
    endedAt: item.endedAt?.N === undefined ? undefined : Number(item.endedAt.N),
    cursor: item.cursor?.S,
    waitsSince: item.waitsSince?.N === undefined ? undefined : Number(item.waitsSince.N),
  };
}

export function taskItem(id: string, task: ReplayTask): Item {
  const { number: at, status, saves, events, bytes, checkpoint, counts, problems } = task;
  return {
    ...taskKey(id, at),
    status: { S: status },
    saves: number(saves),
    content: { S: JSON.stringify({ events, bytes, checkpoint, counts, problems }) },
  };
}

/** The item with the keys of a task. */
export function keysItem(id: string, { number: at, keys }: PlannedTask): Item {
  return { ...keysKey(id, at), content: { S: JSON.stringify(keys) } };
}

/** @throws Error when it is no item of keys */
export function readKeys(item: Item): readonly string[] {
  // This file alone writes the content, from keys.
  return JSON.parse(textOf(item, 'content')) as string[];
}

/** @throws Error when it is no item of a task */
export function readTask(item: Item): ReplayTask {
  return {
    // This file alone writes the content, from a task.
    ...(JSON.parse(textOf(item, 'content')) as ReplayTask),
    number: taskNumberOf(textOf(item, 'part')) ?? Number.NaN,
    status: textOf(item, 'status') as ReplayTask['status'],
    saves: Number(item.saves?.N),
  };
}

/** What was counted since. */
export function difference(now: ReplayCounts, before: ReplayCounts): ReplayCounts {
  return addCounts(now, before, -1);
}

export function addCounts(a: ReplayCounts, b: ReplayCounts, sign: 1 | -1 = 1): ReplayCounts {
  return {
    read: a.read + sign * b.read,
    sent: a.sent + sign * b.sent,
    filtered: a.filtered + sign * b.filtered,
    duplicates: a.duplicates + sign * b.duplicates,
    refused: a.refused + sign * b.refused,
    unreadable: a.unreadable + sign * b.unreadable,
  };
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

function textOf(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`an item of the table of replays has no text '${name}'`);
  return text;
}
