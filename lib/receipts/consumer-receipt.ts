import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MIN_IDEMPOTENCY_DAYS } from '../contracts/delivery/record-life.ts';
import type { ConsumerReceipt, UnknownReason } from '../contracts/receipts/receipt.ts';
import type { ReceiptQuery } from '../contracts/receipts/receipt-query.ts';
import { shortenLinks } from '../contracts/text/short-links.ts';
import { eventName } from '../contracts/versions/event-name.ts';
import type { RegisteredConsumer } from './read-consumers.ts';
import type { RecordItem } from './read-record.ts';

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;

/** What a consumer has done with an event, as its record says. */
export function receiptOfRecord(
  { consumer, retry }: Pick<RegisteredConsumer, 'consumer' | 'retry'>,
  item: RecordItem,
  now: number,
): ConsumerReceipt {
  const { attempts, replay } = item;
  return { consumer, ...stateOf(item, retry, now), attempts: numberOf(attempts), replay: replay?.S };
}

/** Whether a record counts: DynamoDB removes it up to days after it has expired. */
export function isLive(item: RecordItem, now: number): boolean {
  return (numberOf(item.expiresAt) ?? Number.POSITIVE_INFINITY) * MS_PER_SECOND > now;
}

/**
 * What can be said of a consumer that has no record of an event.
 *
 * @param all the consumers of the bus: of a type that none of them takes, nobody can tell whether it is mistyped
 */
export function receiptWithoutRecord(
  one: RegisteredConsumer,
  { type, publishedAt, deliverAt }: ReceiptQuery,
  { all, now }: { readonly all: readonly RegisteredConsumer[]; readonly now: number },
): ConsumerReceipt {
  const { consumer, filtered, changedAt } = one;
  const unknown = (why: UnknownReason): ConsumerReceipt => ({ consumer, status: 'unknown', why });
  if (type === undefined) return unknown('type');
  if (!takes(one, type))
    return all.some((other) => takes(other, type)) ? { consumer, status: 'skipped' } : unknown('nobody');
  // The subscriptions at that time decide who gets the event, and records begin then.
  const sentAt = deliverAt ?? publishedAt;
  // Without a time, an event that will never come would wait for ever.
  if (sentAt === undefined) return unknown('time');
  if (now - sentAt >= MIN_IDEMPOTENCY_DAYS * MS_PER_DAY) return unknown('expired');
  if (changedAt > sentAt) return unknown('later');
  // Of a type without its version, one version may be filtered and another not.
  return filtered.some((own) => isOfType(own, type)) ? unknown('filter') : { consumer, status: 'waiting' };
}

function takes({ types, filtered }: RegisteredConsumer, type: string): boolean {
  return [...types, ...filtered].some((own) => isOfType(own, type));
}

/** Whether a type on the wire is the one that is asked for, which may have no version. */
function isOfType(own: string, asked: string): boolean {
  return own === asked || eventName(own) === asked;
}

function stateOf(
  item: RecordItem,
  retry: RegisteredConsumer['retry'],
  now: number,
): Omit<ConsumerReceipt, 'consumer'> {
  const [word, completedAt] = (item.status?.S ?? '').split(' ', 2);
  const { startedAt, failedAt, leaseUntil, attempts } = item;
  const [operation, operatedAt] = (item.operation?.S ?? '').split(' ', 2);
  if (word === 'COMPLETED') return { status: 'done', since: completedAt };
  if (word === 'COMMITTED') return { status: 'done', since: completedAt ?? timeOf(startedAt) };
  if (operation === 'purged') return { status: 'dead', since: operatedAt, reason: reasonOf(item) };
  if (operation === 'redriven') return { status: 'waiting', since: operatedAt };
  if (word === 'IN_PROGRESS') {
    if ((numberOf(leaseUntil) ?? 0) > now) return { status: 'handling', since: timeOf(startedAt) };
    return { status: 'failing', since: timeOf(leaseUntil), reason: DIED, maxAttempts: retry.maxAttempts };
  }
  if (item.dead?.BOOL === true) return { status: 'dead', since: timeOf(failedAt), reason: reasonOf(item) };
  // The claim was released before the handler began, so nothing has failed.
  if (failedAt === undefined && item.error === undefined) return { status: 'waiting' };
  return {
    status: 'failing',
    since: timeOf(failedAt),
    reason: reasonOf(item),
    maxAttempts: retry.maxAttempts,
    nextAttemptBefore: nextAttempt(failedAt, numberOf(attempts) ?? 1, retry),
  };
}

const DIED = 'ProcessDiedError: the function has ended before the handler did; the event is delivered again';

/** The longest pause of the backoff, from the failure on. */
function nextAttempt(
  failedAt: AttributeValue | undefined,
  attempts: number,
  { firstDelaySeconds, maxDelaySeconds }: RegisteredConsumer['retry'],
): string | undefined {
  const at = numberOf(failedAt);
  if (at === undefined) return undefined;
  const seconds = Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** Math.max(0, attempts - 1));
  return new Date(at + Math.ceil(seconds) * MS_PER_SECOND).toISOString();
}

/** A link in the text has no query: it may have a signature. */
function reasonOf({ error }: RecordItem): string | undefined {
  const { name, message } = error?.M ?? {};
  return name?.S === undefined ? undefined : shortenLinks(`${name.S}: ${message?.S ?? ''}`);
}

function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}

function timeOf(value: AttributeValue | undefined): string | undefined {
  const time = numberOf(value);
  return time === undefined ? undefined : new Date(time).toISOString();
}
