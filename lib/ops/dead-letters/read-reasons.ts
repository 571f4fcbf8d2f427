import type { Message } from '@aws-sdk/client-sqs';
import { checkEnvelope, type Envelope, identityOf } from '../../contracts/envelope.ts';
import { parseJson } from '../../contracts/json.ts';
import type { OpsClients } from '../clients.ts';
import { getItems, type Item } from '../get-items.ts';
import type { DeadLetter, HeldLetter } from './dead-letter.ts';

/**
 * Says of messages why they are dead: those that their consumer has given up carry the reason; of those that SQS has moved after
 * too many attempts the idempotency record knows it. Whichever is later counts: a letter that was redriven by SQS itself still
 * carries the reason of its first death. One request for up to a hundred messages, when there are events among them.
 */
export async function readReasons(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  table: string,
  messages: readonly Message[],
): Promise<readonly HeldLetter[]> {
  const read = messages.map((message) => ({ message, event: eventOf(message.Body ?? '') }));
  const ids = read.flatMap(({ event }) => (event ? [identityOf(event)] : []));
  const found = ids.length > 0 ? await getItems(dynamodb, [table], new Set(ids)) : undefined;
  const records = new Map(found?.get(table)?.map((item) => [item.id?.S, item]));
  return read.map(({ message, event }) => ({
    message,
    letter: letterOf(message, event, event && records.get(identityOf(event))),
  }));
}

function letterOf(message: Message, event: Envelope | undefined, record: Item | undefined): DeadLetter {
  const { MessageId = '', Body = '', Attributes = {} } = message;
  return {
    messageId: MessageId,
    ...reasonOf(message, record),
    firstAt: timeOf(event?.time) ?? Number(Attributes.SentTimestamp),
    eventId: event?.id,
    source: event?.source,
    type: event?.type,
    correlationId: event && (event.correlationid ?? event.id),
    body: Body,
  };
}

type Reason = Pick<DeadLetter, 'errorName' | 'errorMessage' | 'attempts' | 'lastAt'>;

function reasonOf(message: Message, record: Item | undefined): Reason {
  const [carried, noted] = [carriedReason(message), notedReason(record)];
  if (!noted) return carried ?? UNKNOWN;
  if (!carried || (noted.lastAt ?? 0) > (carried.lastAt ?? 0)) {
    // The note of the very failure that the message carries is the shorter of the two.
    return carried?.errorMessage.startsWith(noted.errorMessage)
      ? { ...noted, errorMessage: carried.errorMessage }
      : noted;
  }
  return carried;
}

const UNKNOWN: Reason = { errorName: 'Unknown', errorMessage: 'nobody has noted why; the logs may say' };

/** The reason that a consumer gives with what it gives up. */
function carriedReason({ MessageAttributes = {} }: Message): Reason | undefined {
  const { errorName, errorMessage, attempts, failedAt } = MessageAttributes;
  if (!errorName) return undefined;
  return {
    errorName: errorName.StringValue ?? '',
    errorMessage: errorMessage?.StringValue ?? '',
    attempts: numberOf(attempts?.StringValue),
    lastAt: timeOf(failedAt?.StringValue),
  };
}

/** What the idempotency record says of the last attempt; nothing of one that came to a good end. */
function notedReason(record: Item | undefined): Reason | undefined {
  const attempts = numberOf(record?.attempts?.N);
  const startedAt = numberOf(record?.startedAt?.N);
  switch (record?.status?.S) {
    case 'FAILED':
      return {
        errorName: record.error?.M?.name?.S ?? 'Error',
        errorMessage: record.error?.M?.message?.S ?? '',
        attempts,
        lastAt: numberOf(record.failedAt?.N) ?? startedAt,
      };
    case 'IN_PROGRESS':
      return {
        errorName: 'NeverFinished',
        errorMessage: 'its process died or timed out each time, or at least the last; the logs say more',
        attempts,
        lastAt: startedAt,
      };
    default:
      return undefined;
  }
}

/** The event in a message, if it is one. */
function eventOf(body: string): Envelope | undefined {
  try {
    return checkEnvelope(parseJson(body)).event;
  } catch {
    // Poison is what one finds in a dead-letter queue.
    return undefined;
  }
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
