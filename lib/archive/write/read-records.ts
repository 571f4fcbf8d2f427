import type { SQSRecord } from 'aws-lambda';
import { checkEnvelope, type Envelope } from '../../contracts/envelope/envelope.ts';
import { parseJson } from '../../contracts/json/json.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import type { ArchivedEvent } from '../archived-event.ts';

/** The event of a message, and its line without large data. */
export interface ReadRecord {
  readonly record: SQSRecord;
  readonly event: Envelope;
  readonly line: ArchivedEvent;
}

/** A message that has no event. Its text cannot be a line. */
export interface UnreadableRecord {
  readonly record: SQSRecord;
  /** Names what is wrong, and quotes nothing of the message. */
  readonly error: Error;
}

/** Thrown when the body of a message is JSON, but no event. */
class NoEventError extends Error {
  override readonly name = 'NoEventError';
}

/** Reads the events of messages, and separates unreadable messages. The order stays the same. */
export function readRecords(records: readonly SQSRecord[]): {
  readonly read: readonly ReadRecord[];
  readonly unreadable: readonly UnreadableRecord[];
} {
  const read: ReadRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const record of records) {
    try {
      const event = readEvent(record.body);
      read.push({ record, event, line: lineOf(record, event) });
    } catch (error) {
      // An unreadable message stays unreadable. It goes to the dead-letter queue.
      unreadable.push({ record, error: toError(error) });
    }
  }
  return { read, unreadable };
}

/** Reads an event as every consumer reads it. @throws JsonError or NoEventError */
function readEvent(body: string): Envelope {
  const { event, problems } = checkEnvelope(parseJson(body));
  if (problems) throw new NoEventError(`the message is not a CloudEvent: ${describeProblems(problems)}`);
  return event;
}

function lineOf({ body, attributes }: SQSRecord, event: Envelope): ArchivedEvent {
  const { id, source, type, subject, time, correlationid, partitionkey } = event;
  return {
    arrivedAt: new Date(Number(attributes.SentTimestamp)).toISOString(),
    sequence: attributes.SequenceNumber,
    id,
    source,
    type,
    subject,
    time,
    correlationid,
    partitionkey,
    body,
  };
}
