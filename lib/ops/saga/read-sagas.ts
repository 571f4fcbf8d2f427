import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { OpsClients } from '../clients.ts';
import { UnknownNameError, UnreadableError } from '../errors.ts';
import { attempt, type Problem } from '../problem.ts';
import type { SagaConsumer } from './saga-consumers.ts';
import {
  readShownSaga,
  type SagaSummary,
  type ShownSaga,
  summaryOf,
  type UnreadableSaga,
} from './shown-saga.ts';

/** Items that are read of one table: at 1 KB each, 100 requests. */
const MAX_READ = 100_000;

/** Which sagas are wanted. */
export interface SagaFilter {
  /** A step or an end. */
  readonly step?: string | undefined;
  /** Only those that run. @default false */
  readonly open?: boolean | undefined;
  /** Only those that began at least this long ago, in seconds. */
  readonly olderThanSeconds?: number | undefined;
}

/** How many sagas of a consumer are in a step, or have come to an end. */
export interface SagaCount {
  readonly consumer: string;
  readonly step: string;
  readonly isEnd: boolean;
  readonly count: number;
}

/** The sagas of one or more consumers. */
export interface ReadSagas {
  /** Those that were wanted: first those that run, the oldest first; then those that have ended, the latest end first. */
  readonly sagas: readonly SagaSummary[];
  /** Of all sagas of the consumers, also of those that were not wanted: by consumer, and of each the steps before the ends. */
  readonly counts: readonly SagaCount[];
  readonly unreadable: readonly UnreadableSaga[];
  /** Tables that could not be read. */
  readonly problems: readonly Problem[];
  /** Whether every table was read to its end. */
  readonly isWhole: boolean;
}

type Clients = Pick<OpsClients, 'dynamodb'>;

/**
 * Reads the sagas of consumers. It scans their tables, which costs half a read unit for every 4 KB, and reads 100,000 items of each at most.
 *
 * @param now epoch milliseconds
 */
export async function readSagas(
  clients: Clients,
  consumers: readonly SagaConsumer[],
  { now = Date.now(), ...filter }: SagaFilter & { readonly now?: number } = {},
): Promise<ReadSagas> {
  const tables = await Promise.all(
    consumers.map((one) =>
      attempt({ resource: 'table of sagas', name: one.sagaTable }, readTable(clients, one, now)),
    ),
  );
  const read = tables.flatMap(({ value }) => value ?? []);
  const sagas = read.flatMap((table) => table.sagas);
  return {
    sagas: sagas.filter((saga) => isWanted(saga, filter, now)).toSorted(byUrgency),
    counts: countsOf(sagas),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
    problems: tables.flatMap(({ problems }) => problems),
    isWhole: read.every(({ isWhole }) => isWhole),
  };
}

/**
 * Reads one saga, also one that has just moved.
 *
 * @throws UnknownNameError when there is none
 * @throws UnreadableError when its item is no saga
 */
export async function readSaga(
  { dynamodb }: Clients,
  { label, sagaTable }: SagaConsumer,
  id: string,
): Promise<ShownSaga> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: sagaTable, Key: { id: { S: id } }, ConsistentRead: true }),
  );
  const saga = Item && readShownSaga(label, Item, Date.now());
  if (saga === undefined)
    throw new UnknownNameError(
      `${label} has no saga '${id}': it has not begun, or it ended so long ago that it was removed`,
    );
  if ('reason' in saga) throw new UnreadableError(saga.reason);
  return saga;
}

interface ReadTable {
  readonly sagas: readonly SagaSummary[];
  readonly unreadable: readonly UnreadableSaga[];
  readonly isWhole: boolean;
}

async function readTable(
  { dynamodb: client }: Clients,
  { label, sagaTable: TableName }: SagaConsumer,
  now: number,
): Promise<ReadTable> {
  const sagas: SagaSummary[] = [];
  const unreadable: UnreadableSaga[] = [];
  let read = 0;
  for await (const { Items = [], LastEvaluatedKey } of paginateScan({ client }, { TableName })) {
    for (const item of Items) {
      const saga = readShownSaga(label, item, now);
      if (saga && 'reason' in saga) unreadable.push(saga);
      else if (saga) sagas.push(summaryOf(saga));
    }
    read += Items.length;
    if (read >= MAX_READ && LastEvaluatedKey !== undefined) return { sagas, unreadable, isWhole: false };
  }
  return { sagas, unreadable, isWhole: true };
}

function isWanted(
  saga: SagaSummary,
  { step, open = false, olderThanSeconds = 0 }: SagaFilter,
  now: number,
): boolean {
  if (step !== undefined && saga.step !== step) return false;
  if (open && saga.endedAt !== undefined) return false;
  return olderThanSeconds === 0 || now - Date.parse(saga.startedAt) >= olderThanSeconds * 1_000;
}

function byUrgency(a: SagaSummary, b: SagaSummary): number {
  if (a.endedAt !== undefined && b.endedAt !== undefined) return b.endedAt.localeCompare(a.endedAt);
  if (a.endedAt !== undefined || b.endedAt !== undefined) return a.endedAt === undefined ? -1 : 1;
  return a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id);
}

function countsOf(sagas: readonly SagaSummary[]): readonly SagaCount[] {
  const groups = Map.groupBy(sagas, ({ consumer, step, endedAt }) =>
    JSON.stringify([consumer, endedAt !== undefined, step]),
  );
  return [...groups.values()]
    .flatMap((group): SagaCount[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { consumer, step, endedAt } = first;
      return [{ consumer, step, isEnd: endedAt !== undefined, count: group.length }];
    })
    .toSorted(
      (a, b) =>
        a.consumer.localeCompare(b.consumer) ||
        Number(a.isEnd) - Number(b.isEnd) ||
        a.step.localeCompare(b.step),
    );
}
