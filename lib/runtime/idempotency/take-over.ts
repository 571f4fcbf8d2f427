import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { toError } from '../../contracts/text/error-reason.ts';
import { hasNoNotes } from './attempt-notes.ts';
import type { Claim, ClaimRequest } from './claim-outcome.ts';
import type { ClaimContext, LeaseContext } from './lease-context.ts';
import { type IdempotencyRecord, readRecord } from './record.ts';
import {
  EXPIRED,
  FAILED,
  FAILED_SINCE,
  LEASE_OVER,
  type TakeOver,
  takeOverUpdate,
} from './take-over-update.ts';

/**
 * Takes over a free record and counts the attempt. A record is free when its last attempt failed, or when it has expired (DynamoDB deletes
 * expired items late). If a process died with the event, the record is left for `takeOverSuspect`.
 */
export async function takeOver(context: ClaimContext, request: ClaimRequest): Promise<Claim> {
  const first = await tryTakeOver(
    context,
    request,
    request.firstDelivery
      ? { condition: FAILED, count: 'first' }
      : { condition: FAILED_SINCE, count: 'next' },
  );
  if (first.status !== 'refused') return first;
  const { record } = first;
  const { owner, leaseUntil, status } = record;
  const expired = record.expiresAt < Math.floor(context.now() / 1000);
  if (expired || (status === 'FAILED' && isOfEarlierMessage(record, request))) {
    // The count in such a record belongs to an earlier message, so a new count begins.
    const condition = expired ? EXPIRED : FAILED;
    const renewed = await tryTakeOver(context, request, { condition, count: 'first' });
    return renewed.status === 'refused' ? claimOf(context, renewed.record) : renewed;
  }
  if (status === 'IN_PROGRESS' && owner !== context.owner && leaseUntil < context.now()) {
    return { status: 'suspect', record };
  }
  return claimOf(context, record);
}

/**
 * Takes over the record of an event whose process died, directly before its handler runs alone.
 *
 * @param options `suspect`: the record that the process has left. `exhausted`: the attempts are used up, so the event is taken over only to
 * be sent to the dead-letter queue, and no attempt is counted. `fresh`: a new count begins
 */
export async function takeOverSuspect(
  context: ClaimContext,
  request: ClaimRequest,
  {
    suspect,
    exhausted,
    fresh,
  }: { readonly suspect: IdempotencyRecord; readonly exhausted: boolean; readonly fresh: boolean },
): Promise<Claim> {
  const count = exhausted ? 'same' : fresh ? 'first' : 'next';
  const result = await tryTakeOver(context, request, { condition: LEASE_OVER, count, suspect });
  return result.status === 'refused' ? claimOf(context, result.record) : result;
}

/** Whether the attempts in a record belong to an earlier message of the event. */
export function isOfEarlierMessage({ lastActiveAt }: IdempotencyRecord, request: ClaimRequest): boolean {
  return request.firstDelivery || lastActiveAt < request.firstReceivedAt;
}

type TakeOverResult = Claim | { readonly status: 'refused'; readonly record: IdempotencyRecord };

async function tryTakeOver(
  context: ClaimContext,
  request: ClaimRequest,
  attempt: TakeOver,
): Promise<TakeOverResult> {
  try {
    const { signal } = context;
    signal.throwIfAborted();
    const command = new UpdateItemCommand(takeOverUpdate(context, request, attempt));
    const { Attributes = {} } = await context.dynamodb.send(command, { abortSignal: signal });
    const earlier = readRecord(Attributes);
    return { status: 'claimed', attempts: attemptsAfter(earlier, attempt), earlier };
  } catch (error) {
    if (hasNoNotes(error) && !attempt.withoutNotes) {
      return tryTakeOver(context, request, { ...attempt, withoutNotes: true });
    }
    return refusalOf(error);
  }
}

/** A record that is not free is an answer. Any other error means that there is no claim, so no handler begins. */
function refusalOf(error: unknown): TakeOverResult {
  if (!(error instanceof ConditionalCheckFailedException && error.Item)) {
    return { status: 'unavailable', error: toError(error) };
  }
  try {
    return { status: 'refused', record: readRecord(error.Item) };
  } catch (unreadable) {
    // Another program has written this item. Only this event cannot be claimed; the others of its batch can.
    return { status: 'unavailable', error: toError(unreadable) };
  }
}

function attemptsAfter({ attempts }: IdempotencyRecord, { count }: TakeOver): number {
  if (count === 'first') return 1;
  return count === 'next' ? attempts + 1 : attempts;
}

function claimOf({ owner }: LeaseContext, record: IdempotencyRecord): Claim {
  switch (record.status) {
    case 'COMPLETED':
    case 'COMMITTED':
      return { status: 'completed', record };
    case 'IN_PROGRESS':
      // If this invocation owns the record, its claim exists and is counted; only the answer was lost.
      return record.owner === owner
        ? { status: 'claimed', attempts: record.attempts, earlier: record }
        : { status: 'leased', leaseUntil: record.leaseUntil };
    case 'FAILED':
      // Another attempt has failed between the two requests of this claim. The message is delivered again.
      return { status: 'leased', leaseUntil: 0 };
    default:
      return record.status satisfies never;
  }
}
