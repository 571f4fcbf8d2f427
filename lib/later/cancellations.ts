import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Envelope, identityOf } from '../contracts/envelope/envelope.ts';
import { CANCELLATION_KEY } from './cancellation-item.ts';
import type { Cancellation, LaterEvent } from './later-message.ts';

/** An event comes at most 365 days after it was published. Its cancellation is kept longer, in days. */
export const CANCELLATION_DAYS = 400;
const DAY_MS = 86_400_000;
/** Keys of one request. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MAX_KEYS = 100;
const MAX_TRIES = 4;

/** Which events of a batch are cancelled. */
export type IsCancelled = (event: LaterEvent) => boolean;

/** The table of a bus that says which events are cancelled. */
export interface Cancellations {
  /** Keeps a cancellation. Of several with the same key the last one counts, in whichever order they arrive. */
  add(cancellation: Cancellation, now: number): Promise<void>;
  /** Reads what is known of these events. @throws Error when the table does not answer: then it is not known */
  read(events: readonly LaterEvent[]): Promise<IsCancelled>;
}

export interface CancellationsProps {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  /** Name of the table. */
  readonly name: string;
}

export function createCancellations({ dynamodb, name }: CancellationsProps): Cancellations {
  return {
    add: async ({ owner, key, at }, now) => {
      const expiresAt = Math.ceil((now + CANCELLATION_DAYS * DAY_MS) / 1_000);
      try {
        await dynamodb.send(
          new UpdateItemCommand({
            TableName: name,
            Key: { [CANCELLATION_KEY]: { S: cancellationId(owner, key) } },
            UpdateExpression: 'SET cancelledAt = :at, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(cancelledAt) OR cancelledAt < :at',
            ExpressionAttributeValues: {
              ':at': { N: String(Date.parse(at)) },
              ':expiresAt': { N: String(expiresAt) },
            },
          }),
        );
      } catch (error) {
        // A later cancellation is there already, or this one: its message has come again.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    read: async (events) => {
      const ids = [...new Set(events.flatMap(idsOf))];
      const times = new Map<string, number>();
      for (let from = 0; from < ids.length; from += MAX_KEYS)
        await readInto(times, ids.slice(from, from + MAX_KEYS), { dynamodb, name });
      return (event) => isCancelled(event, times);
    },
  };
}

async function readInto(
  times: Map<string, number>,
  ids: readonly string[],
  { dynamodb, name }: CancellationsProps,
): Promise<void> {
  let keys = ids.map((id) => ({ [CANCELLATION_KEY]: { S: id } }));
  for (let attempt = 1; keys.length > 0; attempt++) {
    if (attempt > MAX_TRIES)
      throw new Error(`the table of cancellations does not answer ${keys.length} keys`);
    const { Responses = {}, UnprocessedKeys = {} } = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of Responses[name] ?? [])
      times.set(item[CANCELLATION_KEY]?.S ?? '', Number(item.cancelledAt?.N));
    keys = (UnprocessedKeys[name]?.Keys ?? []).map((key) => ({
      [CANCELLATION_KEY]: { S: key[CANCELLATION_KEY]?.S ?? '' },
    }));
  }
}

/** The keys of an event in the table: its own, and that of its key. An owner is a source, so they do not meet. */
function idsOf({ event, key }: LaterEvent): readonly string[] {
  return key === undefined ? [identityOf(event)] : [identityOf(event), cancellationId(event.source, key)];
}

function cancellationId(owner: string, key: string): string {
  return identityOf({ source: owner, id: key });
}

function isCancelled({ event, key }: LaterEvent, times: ReadonlyMap<string, number>): boolean {
  if (times.has(identityOf(event))) return true;
  const at = key === undefined ? undefined : times.get(cancellationId(event.source, key));
  return at !== undefined && emittedAt(event) <= at;
}

/** Epoch milliseconds. An event with a key was emitted by a consumer, which always sets its time. */
function emittedAt({ time = '' }: Envelope): number {
  return Date.parse(time);
}

/** Whether a cancellation means an event: the rule of `read`, without the table. */
export function cancels(cancellation: Cancellation, event: LaterEvent): boolean {
  const id = cancellationId(cancellation.owner, cancellation.key);
  return isCancelled(event, new Map([[id, Date.parse(cancellation.at)]]));
}
