import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { BatchItem } from '../batch/batch-item.ts';

/** The log fields of a line about one event. */
export function eventKeys(event: Envelope): Record<string, string | undefined> {
  const { id, source, type, upcastfrom, correlationid, causationid, traceparent } = event;
  return {
    eventId: id,
    source,
    type,
    upcastFrom: upcastfrom,
    correlationId: correlationid,
    causationId: causationid,
    traceparent,
  };
}

/** The log fields of an event in a line about several events. Default values are left out. */
export function eventEntry({ event, receiveCount }: Pick<BatchItem, 'event' | 'receiveCount'>): object {
  const { id, source, correlationid } = event;
  return {
    eventId: id,
    source,
    ...(correlationid !== undefined && correlationid !== id && { correlationId: correlationid }),
    ...(receiveCount > 1 && { receiveCount }),
  };
}

/** The log fields of an event of a finished batch, with its outcome and the duration of its handler. */
export function outcomeEntry(item: BatchItem): object {
  const { attempt, startedAt, endedAt, outcome, records } = item;
  return {
    ...eventEntry(item),
    outcome: outcome?.status ?? 'unfinished',
    ...(attempt > 1 && { attempt }),
    ...(records.length > 1 && { messages: records.length }),
    ...(endedAt > 0 && { milliseconds: endedAt - startedAt }),
  };
}
