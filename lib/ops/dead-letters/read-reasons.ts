import type { Message } from '@aws-sdk/client-sqs';
import { type Replay, readReplay, recordKey } from '../../contracts/delivery/replay.ts';
import { checkEnvelope, type Envelope } from '../../contracts/envelope/envelope.ts';
import { parseJson } from '../../contracts/json/json.ts';
import type { OpsClients } from '../clients.ts';
import { getItems, type Item } from '../get-items.ts';
import { attempt, describeProblem } from '../problem.ts';
import type { DeadLetter, ReceivedDeadLetter } from './dead-letter.ts';
import type { VisitedQueue } from './dead-letter-queue.ts';

/**
 * Reads why messages failed. A message that its consumer sent to the dead-letter queue has the reason in its attributes. For a message that SQS
 * moved after too many receives, the reason is in the idempotency record. The later of the two is used: a dead letter that SQS itself redrove
 * still has the reason of its first failure in its attributes. It needs one request for up to a hundred messages, if there are events among
 * them.
 */
export async function readReasons(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  { role, consumer: { idempotencyTable } }: VisitedQueue,
  messages: readonly Message[],
): Promise<readonly ReceivedDeadLetter[]> {
  const read = messages.map((message) => ({
    message,
    event: eventOf(message.Body ?? ''),
    replay: replayOf(message),
  }));
  const records =
    role === 'undelivered queue' || idempotencyTable === undefined
      ? undefined
      : await readRecords(
          dynamodb,
          idempotencyTable,
          read.flatMap(({ event, replay }) => (event ? recordKey(event, replay) : [])),
        );
  return read.map((one) => ({
    message: one.message,
    deadLetter: { ...describe(one), ...reasonIn(one, records) },
  }));
}

/** A message, with the event in it and the replay that has sent it, if there are any. */
interface ReadMessage {
  readonly message: Message;
  readonly event: Envelope | undefined;
  readonly replay: Replay | undefined;
}

/** The idempotency records by their keys, or why the table cannot be read. */
type Records = ReadonlyMap<string | undefined, Item> | UnreadableError | undefined;

interface UnreadableError {
  readonly problem: string;
}

function reasonIn({ message, event, replay }: ReadMessage, records: Records): Reason {
  const lastAt = Number(message.Attributes?.SentTimestamp);
  if (!records) return { ...UNDELIVERED, lastAt };
  if ('problem' in records) {
    return messageReason(message) ?? (event ? { errorName: UNREAD, errorMessage: records.problem } : UNKNOWN);
  }
  return reasonOf(message, event && records.get(recordKey(event, replay))) ?? { ...UNKNOWN, lastAt };
}

async function readRecords(
  dynamodb: OpsClients['dynamodb'],
  table: string,
  keys: readonly string[],
): Promise<Records> {
  if (keys.length === 0) return new Map();
  const resource = { resource: 'idempotency table', name: table };
  const { value, problems } = await attempt(resource, getItems(dynamodb, [table], new Set(keys)));
  // The messages can still be shown; the reason then says that it could not be read.
  if (!value) return { problem: `its reason cannot be read: ${problems.map(describeProblem).join(', ')}` };
  return new Map(value.get(table)?.map((item) => [item.id?.S, item]));
}

function describe({ message, event, replay }: ReadMessage): Omit<DeadLetter, keyof Reason> {
  const { MessageId = '', Body = '', Attributes = {} } = message;
  return {
    messageId: MessageId,
    firstAt: timeOf(event?.time) ?? Number(Attributes.SentTimestamp),
    eventId: event?.id,
    source: event?.source,
    type: event?.type,
    correlationId: event && (event.correlationid ?? event.id),
    ...(replay && { replay }),
    body: Body,
  };
}

type Reason = Pick<DeadLetter, 'errorName' | 'errorMessage' | 'attempts' | 'lastAt'>;

function reasonOf(message: Message, record: Item | undefined): Reason | undefined {
  const [inMessage, inRecord] = [messageReason(message), recordReason(record)];
  if (!inRecord) return inMessage;
  if (!inMessage || (inRecord.lastAt ?? 0) > (inMessage.lastAt ?? 0)) {
    // Both are about the same failure, and the record has only the beginning of the error message.
    return inMessage?.errorMessage.startsWith(inRecord.errorMessage)
      ? { ...inRecord, errorMessage: inMessage.errorMessage }
      : inRecord;
  }
  return inMessage;
}

/** SNS writes no reason into a message that it could not deliver, and the consumer has no record of it. */
const UNDELIVERED: Reason = {
  errorName: 'Undelivered',
  errorMessage: 'SNS could not deliver it to the queue of its consumer',
};

/** The error name of a dead letter whose idempotency table cannot be read. */
export const UNREAD = 'Unread';

/** Nobody has noted when it has failed: then the time of SQS counts, because that in the event is its publisher's. */
const UNKNOWN: Reason = { errorName: 'Unknown', errorMessage: 'no reason was recorded; read the logs' };

/** The reason in the attributes of a message, written by its consumer. */
function messageReason({ MessageAttributes = {} }: Message): Reason | undefined {
  const { errorName, errorMessage, attempts, failedAt } = MessageAttributes;
  if (!errorName) return undefined;
  return {
    errorName: errorName.StringValue ?? '',
    errorMessage: errorMessage?.StringValue ?? '',
    attempts: numberOf(attempts?.StringValue),
    lastAt: timeOf(failedAt?.StringValue),
  };
}

/** The reason in the idempotency record; undefined when the last attempt did not fail. */
function recordReason(record: Item | undefined): Reason | undefined {
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
        errorMessage: 'its process died or timed out in the last attempt; read the logs',
        attempts,
        lastAt: startedAt,
      };
    default:
      return undefined;
  }
}

/** The replay that has sent a message; undefined when none has, or when its attributes are wrong, which is its reason then. */
function replayOf({ MessageAttributes = {} }: Message): Replay | undefined {
  const texts = Object.entries(MessageAttributes).map(
    ([name, { StringValue }]) => [name, { stringValue: StringValue }] as const,
  );
  try {
    return readReplay(Object.fromEntries(texts));
  } catch {
    // Its consumer has never begun with it, so no record is looked for.
    return undefined;
  }
}

/** The event in the body of a message; undefined when the body is no event. */
function eventOf(body: string): Envelope | undefined {
  try {
    return checkEnvelope(parseJson(body)).event;
  } catch {
    // Unreadable messages are in a dead-letter queue too.
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
