import {
  type AttributeValue,
  ConditionalCheckFailedException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import { isTransient } from '../../aws/transient.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { conflicts } from '../../publishing/topic/content.ts';
import type { LeaseContext } from './lease-context.ts';
import { readRecord } from './record.ts';
import { settleUpdate } from './settle-update.ts';
import type { Settlement, Verdict } from './settlement.ts';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
/**
 * Maximum attempts to release a claim. The handler has not begun, so the invocation does not wait long for the table. What was a suspect is put
 * back while there is time: otherwise the next delivery takes this claim for another death.
 */
const MAX_RELEASES = 4;

/**
 * Settles one event, if its record is free or belongs to this invocation. Otherwise, it returns what the record says. Throttling and lost
 * answers are retried while there is time, because the record must show what has happened.
 *
 * @param until epoch milliseconds after which there is no retry
 */
export async function settleOne(
  leaseContext: LeaseContext,
  settlement: Settlement,
  until: number,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    try {
      await leaseContext.dynamodb.send(new UpdateItemCommand(settleUpdate(leaseContext, settlement)));
      return { status: 'settled' };
    } catch (error) {
      // A failed condition is an answer. Any other error is retried, or left to the next delivery.
      if (error instanceof ConditionalCheckFailedException) {
        return verdictOf(leaseContext, settlement, error.Item);
      }
      const pause = backoffMilliseconds(attempt, {
        first: FIRST_PAUSE_MS,
        longest: LONGEST_PAUSE_MS,
        random: leaseContext.random,
      });
      const givesUp = settlement.status === 'released' && !settlement.suspect && attempt === MAX_RELEASES;
      if (givesUp || leaseContext.now() + pause >= until || !isTransient(error)) {
        return { status: 'unavailable', error: toError(error) };
      }
      await leaseContext.sleep(pause);
    }
  }
}

function verdictOf(
  leaseContext: LeaseContext,
  { status: noted, facts: { content } }: Settlement,
  item: Record<string, AttributeValue> | undefined,
): Verdict {
  // There is no record, so no other invocation has finished the event.
  if (!item) return { status: 'settled' };
  try {
    const record = readRecord(item);
    const { status, leaseUntil, owner } = record;
    if (status === 'COMPLETED')
      return conflicts(content, record) ? { status: 'completed', earlier: record } : { status: 'completed' };
    if (status === 'COMMITTED') return { status: 'committed' };
    if (status === 'IN_PROGRESS') return { status: 'leased', leaseUntil };
    if (noted === 'published') return { status: 'completed' };
    // FAILED, written by this invocation (its answer was lost), or by another invocation, whose message will be delivered again.
    return owner === leaseContext.owner ? { status: 'settled' } : { status: 'leased', leaseUntil: 0 };
  } catch (error) {
    // Another program has written this item. The message stays in the queue, and the error is logged.
    return { status: 'unavailable', error: toError(error) };
  }
}
