import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { NotBegun } from './failures.ts';
import type { Tenancy } from './idempotency/tenancy.ts';

/** Key of the record that the slots are booked in. No event has it: an event's key has a `|` in it. */
const RECORD_ID = 'rate-limit';
/** Others can come in between only so often: an instance books once for a whole batch. */
const MAX_ROUNDS = 10;

/** Slots for handlers that begin together, as far as they may. */
export interface Booking {
  readonly count: number;
  readonly intervalMs: number;
  /** Epoch milliseconds before which no slot is of use. */
  readonly earliest: number;
  /** Epoch milliseconds after which no slot is of use. */
  readonly latest: number;
}

/**
 * Books slots for all instances to see. The record says when the next free slot is: whoever finds it in the future
 * queues up behind it, in one request; whoever finds it in the past begins at once, in a second request. An answer
 * that is lost wastes slots and gives none away twice.
 *
 * @returns epoch milliseconds of the first slot; the others follow at the interval
 * @throws NotBegun when the last slot would be too late: then nothing is booked
 * @throws Error of DynamoDB when there is no answer
 */
export async function bookSlots(tenancy: Tenancy, booking: Booking): Promise<number> {
  const { count, intervalMs, earliest } = booking;
  const latestFirst = booking.latest - (count - 1) * intervalMs;
  const span = count * intervalMs;
  for (let round = 0; round < MAX_ROUNDS && earliest <= latestFirst; round++) {
    const queued = await book(tenancy, {
      UpdateExpression: 'SET nextSlotAt = nextSlotAt + :span',
      ConditionExpression: 'nextSlotAt > :earliest AND nextSlotAt <= :latest',
      values: { ':span': span, ':earliest': earliest, ':latest': latestFirst },
    });
    if (queued.booked) return queued.nextSlotAt - span;
    if (queued.nextSlotAt > latestFirst) break;
    const begun = await book(tenancy, {
      UpdateExpression: 'SET nextSlotAt = :end',
      ConditionExpression: 'attribute_not_exists(nextSlotAt) OR nextSlotAt <= :earliest',
      values: { ':end': earliest + span, ':earliest': earliest },
    });
    if (begun.booked) return earliest;
  }
  throw new NotBegun();
}

interface Attempt {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly values: Readonly<Record<string, number>>;
}

/** The record as the attempt has left it, or, when it was refused, as it is. */
async function book(
  { dynamodb, table }: Tenancy,
  { values, ...expressions }: Attempt,
): Promise<{ readonly booked: boolean; readonly nextSlotAt: number }> {
  const entries = Object.entries(values).map(([name, value]) => [name, { N: String(value) }] as const);
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: RECORD_ID } },
        ...expressions,
        ExpressionAttributeValues: Object.fromEntries(entries),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { booked: true, nextSlotAt: Number(Attributes?.nextSlotAt?.N) };
  } catch (error) {
    // That the next slot lies elsewhere is an answer, not an error.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { booked: false, nextSlotAt: Number(error.Item?.nextSlotAt?.N ?? 0) };
  }
}
