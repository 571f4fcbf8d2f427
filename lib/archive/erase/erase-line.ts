import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { ArchivedEvent } from '../archived-event.ts';
import type { Subjects } from './subjects.ts';

/** What the publisher of an event chooses and what has to stay: without it, the event would come again as another one. */
const IDENTITY = ['id', 'source'] as const;
/** Ids of other events, which stay unless they name the person. */
const LINKS = ['correlationid', 'causationid'] as const;
/** What the bus sets, or what has a form that names nobody. */
const PLAIN = ['time', 'traceparent', 'producer'] as const;

/**
 * The event without what is personal in it: `subject`, the data and what leads to it, and the publisher's own attributes. `partitionkey` goes
 * too, because it often is the person.
 *
 * @param at RFC 3339 time of the erasure
 */
export function erasedEvent(event: Envelope, at: string, subjects: Pick<Subjects, 'isNamedIn'>): Envelope {
  const { specversion, id, source, type } = event;
  const links = LINKS.filter((name) => !subjects.isNamedIn(event[name] ?? ''));
  const kept = [...PLAIN, ...links].flatMap((name) =>
    event[name] === undefined ? [] : [[name, event[name]] as const],
  );
  return { specversion, id, source, type, ...Object.fromEntries(kept), erased: at };
}

/** The line of the event, without the end of the line. It keeps its place: its identity, and when and in which order it arrived. */
export function erasedLine(
  { arrivedAt, sequence }: Pick<ArchivedEvent, 'arrivedAt' | 'sequence'>,
  event: Envelope,
): string {
  const { id, source, type, time, correlationid } = event;
  const line: ArchivedEvent = {
    arrivedAt,
    sequence,
    id,
    source,
    type,
    time,
    correlationid,
    body: JSON.stringify(event),
  };
  return JSON.stringify(line);
}

/** The attributes that name the person and cannot go, because they identify the event. */
export function namingAttributes(
  event: Envelope,
  subjects: Pick<Subjects, 'isNamedIn'>,
): readonly (typeof IDENTITY)[number][] {
  return IDENTITY.filter((name) => subjects.isNamedIn(event[name]));
}
