import type { Message } from '@aws-sdk/client-sqs';
import { checkEnvelope, type Envelope, identityOf } from '../../contracts/envelope.ts';
import { parseJson } from '../../contracts/json.ts';
import type { OpsClients } from '../clients.ts';
import { getItems, type Item } from '../get-items.ts';
import type { DeadLetter, HeldLetter } from './dead-letter.ts';

/**
 * Says of messages why they are dead: those that their consumer has given up carry the reason; of those that SQS has moved after
 * too many attempts the idempotency record knows it. One request for up to a hundred messages, when there are any of these.
 */
export async function readReasons(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  table: string,
  messages: readonly Message[],
): Promise<readonly HeldLetter[]> {
  const read = messages.map((message) => ({ message, event: eventOf(message.Body ?? '') }));
  const unknown = read.flatMap(({ message, event }) =>
    event && message.MessageAttributes?.errorName === undefined ? [identityOf(event)] : [],
  );
  const found = unknown.length > 0 ? await getItems(dynamodb, [table], new Set(unknown)) : undefined;
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

function reasonOf({ MessageAttributes = {} }: Message, record: Item | undefined): Reason {
  const { errorName, errorMessage, receiveCount, failedAt } = MessageAttributes;
  if (errorName) {
    return {
      errorName: errorName.StringValue ?? '',
      errorMessage: errorMessage?.StringValue ?? '',
      attempts: numberOf(receiveCount?.StringValue),
      lastAt: timeOf(failedAt?.StringValue),
    };
  }
  const attempts = numberOf(record?.attempts?.N);
  const lastAt = numberOf(record?.failedAt?.N) ?? numberOf(record?.startedAt?.N);
  const error = record?.error?.M;
  if (error && record?.status?.S === 'FAILED') {
    return { errorName: error.name?.S ?? 'Error', errorMessage: error.message?.S ?? '', attempts, lastAt };
  }
  if (record?.status?.S === 'IN_PROGRESS') {
    return {
      errorName: 'NeverFinished',
      errorMessage: 'its process died or timed out each time, or at least the last; the logs say more',
      attempts,
      lastAt,
    };
  }
  return { errorName: 'Unknown', errorMessage: 'nobody has noted why; the logs may say', attempts, lastAt };
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
