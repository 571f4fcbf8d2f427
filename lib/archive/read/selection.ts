import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { checkPolicy } from '../../contracts/filter-policy/check-policy.ts';
import { matchesBody } from '../../contracts/filter-policy/matches-policy.ts';
import { isJsonObject, JsonError, parseJson } from '../../contracts/json/json.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import type { ArchivedEvent } from '../archived-event.ts';
import type { ObjectRange } from './list-objects.ts';
import type { ReadEvent } from './read-line.ts';

/** Which events of the archive are wanted: those that have all of this. */
export interface Wanted {
  /** Arrival, in epoch milliseconds; this moment is in the range. */
  readonly from: number;
  /** Arrival, in epoch milliseconds; this moment is not in the range. */
  readonly to: number;
  /** Any of these, with their versions or without. Only those with versions spare the reading of objects. @default - any */
  readonly types?: readonly string[] | undefined;
  /** Any of these. @default - any */
  readonly sources?: readonly string[] | undefined;
  /** @default - any */
  readonly subject?: string | undefined;
  /** @default - any */
  readonly id?: string | undefined;
  /** Events of this correlation id; the first event of a chain has its own id for one. @default - any */
  readonly correlationId?: string | undefined;
  /**
   * A filter policy of SNS on the event as a whole, such as `{ "data": { "country": ["DE"] } }`. Unlike a subscription, it sees large data
   * too. @default - none
   */
  readonly where?: Readonly<Record<string, unknown>> | undefined;
}

/** A choice of events, to be applied to objects and to what is in them. */
export interface Selection {
  readonly range: ObjectRange;
  matches(line: ReadEvent): boolean;
}

/** @throws RangeError when `where` is no filter policy of SNS; it names the place */
export function createSelection(wanted: Wanted): Selection {
  const { from, to, types, sources, subject, id, correlationId, where } = wanted;
  const isTyped = types && namedBy(types);
  const isSource = sources && new Set(sources);
  if (where) checkPolicy(where);
  return {
    range: { from, to, types: types?.every(hasVersion) ? types : undefined, sources },
    matches: (line) => {
      const { archived, arrivedAt } = line;
      return (
        arrivedAt >= from &&
        arrivedAt < to &&
        (isTyped === undefined || isTyped(archived.type)) &&
        (isSource === undefined || isSource.has(archived.source)) &&
        (subject === undefined || line.event.subject === subject) &&
        (id === undefined || archived.id === id) &&
        (correlationId === undefined || correlationOf(line.event) === correlationId) &&
        (where === undefined || matchesBody(where, 'data' in where ? wholeEvent(line) : line.event))
      );
    },
  };
}

/** An event with its large data, as a handler gets it; without it when the archive has none, or it is no JSON. */
export function wholeEvent({ archived, event }: Pick<ReadEvent, 'archived' | 'event'>): Envelope {
  if (archived.largeData === undefined) return event;
  const data = dataOf(archived);
  return data === undefined ? event : { ...event, data };
}

function dataOf({ largeData = '' }: ArchivedEvent): unknown {
  try {
    return parseStoredJson(largeData, 'the large data');
  } catch {
    // The event is shown with its link then: its data is no JSON, which the bus never writes.
    return undefined;
  }
}

/** The correlation id of an event: that of the first one of a chain is its own id, which it need not have as an attribute. */
export function correlationOf({ correlationid, id }: Envelope): string {
  return correlationid ?? id;
}

function hasVersion(type: string): boolean {
  return eventName(type) !== type;
}

function namedBy(types: readonly string[]): (type: string) => boolean {
  const named = new Set(types);
  return (type) => named.has(type) || named.has(eventName(type));
}

/** A filter policy as it was typed. @throws RangeError that says why the text is none, also when a number or a repeated name would be altered */
export function readWhere(text: string): Readonly<Record<string, unknown>> {
  const policy = parsed(text);
  if (!isJsonObject(policy)) throw new RangeError('a filter policy is a JSON object');
  checkPolicy(policy);
  return policy;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new RangeError(`the filter policy cannot be used: ${cause.message}`, { cause });
  }
}
