import { isJsonObject } from '../json/json.ts';
import { parseStoredJson } from '../json/stored-json.ts';

/** One move of a saga. */
export interface SagaMove {
  /** RFC 3339 time. */
  readonly at: string;
  /** The type of the event that has moved it, without its version. */
  readonly event: string;
  /** The step in which the saga was after it. */
  readonly step: string;
}

/** A time-out that is set: the event that the saga has sent to itself. */
export interface SagaTimeout {
  /** The id of the event. An event with another id is from an earlier time-out. */
  readonly id: string;
  /** RFC 3339 time at which it comes. */
  readonly at: string;
}

/** An event that undoes what the saga has done before. */
export interface SagaUndo {
  /** The type of the event, without its version. */
  readonly event: string;
  /** The version of the data. @default - the newest: items of earlier releases have none */
  readonly version?: number | undefined;
  readonly data: unknown;
}

/** A saga as its table has it. */
export interface SagaItem {
  /** The saga's key, which its events name. */
  readonly id: string;
  /** Its step, or its end. */
  readonly step: string;
  /** Number of its moves. Every write is on condition that it has not changed. */
  readonly version: number;
  /** Its data, as JSON. */
  readonly data: string;
  /** Its time-outs by event type, without the version. */
  readonly timeouts: Readonly<Record<string, SagaTimeout>>;
  /** What undoes what it has done, the earliest first. */
  readonly undo: readonly SagaUndo[];
  /** Its last moves, the newest last. */
  readonly history: readonly SagaMove[];
  /** The `correlationid` of its events, with which `fanfare trace` shows them. */
  readonly correlationId: string;
  /** RFC 3339 times. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** When it has ended. */
  readonly endedAt?: string | undefined;
  /** Epoch second from which it counts as absent. A saga that runs has none. */
  readonly expiresAt?: number | undefined;
}

/** An attribute of DynamoDB: a text, or a number as text. */
export type SagaAttribute = { readonly S: string } | { readonly N: string };

/** What is read of an attribute. */
type Stored = Readonly<Record<string, { readonly S?: string | undefined; readonly N?: string | undefined }>>;

/** The attributes of a saga's item. Lists are JSON: they are only read as a whole. */
export function sagaAttributes(item: SagaItem): Record<string, SagaAttribute> {
  const { endedAt, expiresAt } = item;
  return {
    id: { S: item.id },
    step: { S: item.step },
    version: { N: String(item.version) },
    data: { S: item.data },
    timeouts: { S: JSON.stringify(item.timeouts) },
    undo: { S: JSON.stringify(item.undo) },
    history: { S: JSON.stringify(item.history.map(({ at, event, step }) => [at, event, step])) },
    correlationId: { S: item.correlationId },
    startedAt: { S: item.startedAt },
    updatedAt: { S: item.updatedAt },
    ...(endedAt !== undefined && { endedAt: { S: endedAt } }),
    ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }),
  };
}

/** Reads an item of the table. @throws Error when it is no saga's: another program writes to the table */
export function readSagaItem(attributes: Stored): SagaItem {
  const { id, endedAt, expiresAt } = attributes;
  try {
    return {
      id: text(attributes, 'id'),
      step: text(attributes, 'step'),
      version: Number(attributes.version?.N),
      data: text(attributes, 'data'),
      // What is in them is as this code has written it: nobody else may write to the table.
      timeouts: json(attributes, 'timeouts', isJsonObject) as SagaItem['timeouts'],
      undo: json(attributes, 'undo', Array.isArray) as SagaItem['undo'],
      history: readHistory(json(attributes, 'history', Array.isArray) as StoredMove[]),
      correlationId: text(attributes, 'correlationId'),
      startedAt: text(attributes, 'startedAt'),
      updatedAt: text(attributes, 'updatedAt'),
      endedAt: endedAt?.S,
      expiresAt: expiresAt?.N === undefined ? undefined : Number(expiresAt.N),
    };
  } catch (cause) {
    throw new Error(`item ${id?.S} of the table of sagas is no saga; only Fanfare may write there`, {
      cause,
    });
  }
}

type StoredMove = readonly [at: string, event: string, step: string];

function readHistory(moves: readonly StoredMove[]): SagaMove[] {
  return moves.map(([at, event, step]) => ({ at, event, step }));
}

function json(attributes: Stored, name: string, isRight: (value: unknown) => boolean): unknown {
  const value = parseStoredJson(text(attributes, name), `the attribute ${name}`);
  if (!isRight(value)) throw new Error(`the attribute ${name} has a value of another type`);
  return value;
}

function text(attributes: Stored, name: string): string {
  const value = attributes[name]?.S;
  if (value === undefined) throw new Error(`the attribute ${name} is missing`);
  return value;
}
