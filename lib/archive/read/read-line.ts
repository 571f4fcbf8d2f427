import { type Envelope, withoutNulls } from '../../contracts/envelope/envelope.ts';
import { isJsonObject, JsonError, parseJson } from '../../contracts/json/json.ts';
import type { ArchivedEvent } from '../archived-event.ts';

/** A line of the archive that was checked, and the event of its body. */
export interface ReadEvent {
  readonly archived: ArchivedEvent;
  /** The event as it is on the wire; large data is not in it: see `wholeEvent`. */
  readonly event: Envelope;
  /** `arrivedAt` of the line, in epoch milliseconds. */
  readonly arrivedAt: number;
}

const REQUIRED = [
  'arrivedAt',
  'id',
  'source',
  'type',
  'body',
] as const satisfies readonly (keyof ArchivedEvent)[];
const OPTIONAL = [
  'sequence',
  'subject',
  'time',
  'correlationid',
  'partitionkey',
  'largeData',
] as const satisfies readonly (keyof ArchivedEvent)[];

/** What a column repeats has to be what the body says: readers select by the one and act on the other. */
const REPEATED = ['id', 'source', 'type'] as const;

/**
 * Reads a line of the archive. An event was checked before it was archived, so what is checked here is that the line is still what was
 * written: its columns, that its body is JSON, and that both are of one event.
 *
 * @returns the reason when it is no line of the archive
 */
export function readLine(text: string): ReadEvent | { readonly reason: string } {
  const line = parsed(text);
  if (!isJsonObject(line)) return { reason: 'it is no JSON object' };
  const missing = REQUIRED.find((name) => typeof line[name] !== 'string');
  if (missing !== undefined) return { reason: `it has no text in the column ${missing}` };
  const wrong = OPTIONAL.find((name) => line[name] !== undefined && typeof line[name] !== 'string');
  if (wrong !== undefined) return { reason: `its column ${wrong} is no text` };
  // The checks above have established every column that the type names.
  const archived = line as unknown as ArchivedEvent;
  const arrivedAt = Date.parse(archived.arrivedAt);
  if (Number.isNaN(arrivedAt)) return { reason: 'its column arrivedAt is no time' };
  const event = readBody(archived.body);
  if (event instanceof JsonError) return { reason: `its body cannot be read (${event.message})` };
  if (!isJsonObject(event)) return { reason: 'its body is no JSON object' };
  const other = REPEATED.find((name) => event[name] !== archived[name]);
  if (other !== undefined) return { reason: `its body has another ${other} than its column` };
  // The body is as its publisher has sent it: the check before the archive has read it without its nulls, too.
  return { archived, event: withoutNulls(event) as unknown as Envelope, arrivedAt };
}

/** The body, with the keys and values that it has in the message. */
function readBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return error;
  }
}

function parsed(text: string): unknown {
  try {
    // The columns have no keys with escapes, which JSON.parse may confuse.
    return JSON.parse(text);
  } catch {
    // What is no JSON is no object either, which the caller reports.
    return undefined;
  }
}
