import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import { readSagaItem, type SagaItem, type SagaTimeout } from '../../contracts/saga/saga-item.ts';

const MS_PER_SECOND = 1_000;

/** A saga in a list. Times are ISO 8601. */
export interface SagaSummary {
  /** Label of its consumer. */
  readonly consumer: string;
  readonly id: string;
  /** Its step, or its end. */
  readonly step: string;
  /** Type of the event that has moved it last, without its version. */
  readonly lastEvent: string;
  readonly startedAt: string;
  /** Its last move. */
  readonly updatedAt: string;
  /** Undefined while it runs. */
  readonly endedAt?: string | undefined;
  /** The time-out that comes first. */
  readonly timeoutAt?: string | undefined;
  /** `fanfare trace` shows its events by this. */
  readonly correlationId: string;
}

/** A move of a saga. */
export interface SagaStep {
  /** ISO 8601. */
  readonly at: string;
  /** Type of the event that has moved it, without its version. */
  readonly event: string;
  /** The step before, `new` at its beginning; undefined when the item does not say it any more. */
  readonly from?: string | undefined;
  readonly to: string;
  /** Time since the move before; undefined for the first one that is known. */
  readonly afterMilliseconds?: number | undefined;
}

/** A time-out that is set. */
export interface ShownTimeout extends SagaTimeout {
  /** Type of the event, without its version. */
  readonly event: string;
}

/** All that the table knows of a saga. */
export interface ShownSaga extends SagaSummary {
  readonly data: unknown;
  /** The soonest first. */
  readonly timeouts: readonly ShownTimeout[];
  /** What `saga.undo()` would emit, in this order: what was registered last comes first. */
  readonly undo: SagaItem['undo'];
  /** Its last moves, the earliest first. */
  readonly steps: readonly SagaStep[];
  /** Whether `steps` has all moves since it began. */
  readonly isWhole: boolean;
  /** When it is removed. Undefined while it runs. */
  readonly expiresAt?: string | undefined;
}

/** An item of a table of sagas that is none, or that was damaged. */
export interface UnreadableSaga {
  readonly consumer: string;
  readonly id: string;
  readonly reason: string;
}

/** What `readShownSaga` makes of an item. */
export type SagaReading = ShownSaga | UnreadableSaga | undefined;

/**
 * Reads an item as it is shown; undefined when its time is over, because DynamoDB deletes it late. An item that is no saga is returned with
 * the reason.
 *
 * @param now epoch milliseconds
 */
export function readShownSaga(
  consumer: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  now: number,
): SagaReading {
  try {
    const item = readSagaItem(attributes);
    const expiresAt = item.expiresAt === undefined ? undefined : item.expiresAt * MS_PER_SECOND;
    if (expiresAt !== undefined && expiresAt <= now) return undefined;
    return shownSaga(consumer, item, expiresAt);
  } catch (error) {
    // One item that somebody else has written does not keep the others from being shown.
    return { consumer, id: attributes.id?.S ?? '', reason: reasonOf(error) };
  }
}

/** The part of a saga that a list shows: no data. */
export function summaryOf(saga: ShownSaga): SagaSummary {
  const { consumer, id, step, lastEvent, startedAt, updatedAt, endedAt, timeoutAt, correlationId } = saga;
  return { consumer, id, step, lastEvent, startedAt, updatedAt, endedAt, timeoutAt, correlationId };
}

/** @throws Error when a part of the item is not as the runtime writes it */
function shownSaga(consumer: string, item: SagaItem, expiresAt: number | undefined): ShownSaga {
  const steps = stepsOf(item);
  const [first, last] = [steps.at(0), steps.at(-1)];
  if (first === undefined || last === undefined) throw new Error('it has no moves');
  const timeouts = Object.entries(item.timeouts)
    .map(([event, { id, at }]) => ({ event, id, at: timeOf(at) }))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const startedAt = timeOf(item.startedAt);
  return {
    consumer,
    id: item.id,
    step: item.step,
    lastEvent: last.event,
    startedAt,
    updatedAt: timeOf(item.updatedAt),
    endedAt: item.endedAt === undefined ? undefined : timeOf(item.endedAt),
    timeoutAt: timeouts[0]?.at,
    correlationId: item.correlationId,
    // The reason of an error is shown in lists, so it may not quote the data.
    data: parseStoredJson(item.data, 'its data'),
    timeouts,
    undo: item.undo.map(({ event, data }) => ({ event: textOf(event), data })).toReversed(),
    steps,
    isWhole: first.from !== undefined,
    expiresAt: expiresAt === undefined ? undefined : timeOf(expiresAt),
  };
}

function stepsOf({ history, startedAt }: SagaItem): readonly SagaStep[] {
  return history.map(({ at, ...move }, index): SagaStep => {
    const before = history[index - 1];
    const step = { at: timeOf(at), event: textOf(move.event), to: textOf(move.step) };
    // The item has the last moves only: the first of all is the one at which the saga began.
    if (before === undefined) return { ...step, from: at === startedAt ? 'new' : undefined };
    return { ...step, from: before.step, afterMilliseconds: Date.parse(at) - Date.parse(before.at) };
  });
}

/** @throws RangeError when it is no time */
function timeOf(time: string | number): string {
  return new Date(time).toISOString();
}

/** What was parsed may be anything. @throws TypeError when it is no text */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('a text is missing in its history or in what undoes it');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
