import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { NotBegunError } from '../errors.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';

/** Key of the record in which slots are reserved. It cannot be the key of an event, because those contain a `|`. */
const RECORD_ID = 'rate-limit';
/** Maximum number of rounds. Other instances rarely interfere, because an instance reserves once for a whole batch. */
const MAX_ROUNDS = 10;

/** A request for slots of several handlers. */
export interface Reservation {
  readonly count: number;
  readonly intervalMs: number;
  /** Epoch milliseconds of the earliest useful slot. */
  readonly earliest: number;
  /** Epoch milliseconds of the latest useful slot. */
  readonly latest: number;
}

/**
 * Reserves slots in a record that all instances share. The record has the time of the next free slot. If it is in the future, one request
 * reserves the slots after it. If it is in the past, a second request reserves slots from `earliest` on. When an answer is lost, its
 * slots stay unused, but no slot is used twice.
 *
 * @returns epoch milliseconds of the first slot; the others follow at the interval
 * @throws NotBegunError when the last slot would be too late; then nothing is reserved
 * @throws Error of DynamoDB when there is no answer
 */
export async function reserveSlots(leaseContext: LeaseContext, reservation: Reservation): Promise<number> {
  const { count, intervalMs, earliest } = reservation;
  const latestFirst = reservation.latest - (count - 1) * intervalMs;
  const span = count * intervalMs;
  for (let round = 0; round < MAX_ROUNDS && earliest <= latestFirst; round++) {
    const queued = await tryReserve(leaseContext, {
      UpdateExpression: 'SET nextSlotAt = nextSlotAt + :span',
      ConditionExpression: 'nextSlotAt > :earliest AND nextSlotAt <= :latest',
      values: { ':span': span, ':earliest': earliest, ':latest': latestFirst },
    });
    if (queued.reserved) return queued.nextSlotAt - span;
    if (queued.nextSlotAt > latestFirst) break;
    const begun = await tryReserve(leaseContext, {
      UpdateExpression: 'SET nextSlotAt = :end',
      ConditionExpression: 'attribute_not_exists(nextSlotAt) OR nextSlotAt <= :earliest',
      values: { ':end': earliest + span, ':earliest': earliest },
    });
    if (begun.reserved) return earliest;
  }
  throw new NotBegunError();
}

interface Attempt {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Tries to change the record. It returns the record's value after the change, or, if the condition does not hold, the current value. */
async function tryReserve(
  { dynamodb, table }: LeaseContext,
  { values, ...expressions }: Attempt,
): Promise<{ readonly reserved: boolean; readonly nextSlotAt: number }> {
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
    return { reserved: true, nextSlotAt: Number(Attributes?.nextSlotAt?.N) };
  } catch (error) {
    // A failed condition is an answer: the next slot is at another time.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { reserved: false, nextSlotAt: Number(error.Item?.nextSlotAt?.N ?? 0) };
  }
}
