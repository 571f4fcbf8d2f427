import { checkEnvelope, type Envelope } from '../contracts/envelope/envelope.ts';
import { MAX_IDENTITY_BYTES } from '../contracts/envelope/envelope-rules.ts';
import { isJsonObject, MAX_JSON_DEPTH, parseJson } from '../contracts/json/json.ts';
import { describeProblems } from '../contracts/text/problem.ts';

/** An event that is delivered later: at the time in its attribute `deliverat`. */
export interface LaterEvent {
  readonly event: Envelope;
  /** What its consumer calls it in `ctx.cancel`. Only the consumer knows it, so it is no attribute of the event. @default - none */
  readonly key?: string | undefined;
}

/**
 * Cancels the events of one owner that have this key, or the one event that has it as its id. An event with the key is cancelled when its
 * `time` is not after `at`, in whichever order the messages arrive. An event with the id is cancelled whatever its time is.
 */
export interface Cancellation {
  /** The `source` of the events. */
  readonly owner: string;
  readonly key: string;
  /** RFC 3339 time at which they were cancelled. */
  readonly at: string;
}

/** An event that is due now, by the schedule of its contract. */
export interface RecurringEvent {
  /** Its type on the wire, such as `shop.DayEnded.v1`. */
  readonly type: string;
  /** Its `source`. */
  readonly source: string;
  readonly data: unknown;
  /** RFC 3339 time for which it was scheduled. */
  readonly scheduledAt: string;
}

/** A message of the queue of events that come later. */
export type LaterMessage =
  | LaterEvent
  | { readonly cancel: Cancellation }
  | { readonly recurring: RecurringEvent };

/** Maximum depth of a message: an event, and the object around it. */
export const MAX_LATER_DEPTH = MAX_JSON_DEPTH + 1;

/** The text of a message: compact JSON. */
export function serializeLaterMessage(message: LaterMessage): string {
  return JSON.stringify(message);
}

/**
 * Reads a message of the queue, whoever has sent it: a publisher, a consumer, a schedule, an operator.
 *
 * @throws Error when it is no such message, saying what is wrong
 */
export function readLaterMessage(text: string): LaterMessage {
  const value = parseJson(text, MAX_LATER_DEPTH);
  if (!isJsonObject(value)) throw new TypeError('the message is not a JSON object');
  if (isJsonObject(value.cancel)) return { cancel: readCancellation(value.cancel) };
  if (isJsonObject(value.recurring)) return { recurring: readRecurring(value.recurring) };
  if (value.event === undefined)
    throw new TypeError('the message has none of the members event, cancel and recurring');
  const { event, problems } = checkEnvelope(value.event);
  if (problems) throw new TypeError(`the event of the message is not valid: ${describeProblems(problems)}`);
  if (typeof value.key !== 'string') return { event };
  refuseLong('the source of the event and key', event.source, value.key);
  return { event, key: value.key };
}

function readCancellation({ owner, key, at }: Members): Cancellation {
  const read = {
    owner: text('cancel.owner', owner),
    key: text('cancel.key', key),
    at: time('cancel.at', at),
  };
  refuseLong('cancel.owner and cancel.key', read.owner, read.key);
  return read;
}

function readRecurring({ type, source, data, scheduledAt }: Members): RecurringEvent {
  const read = {
    type: text('recurring.type', type),
    source: text('recurring.source', source),
    data,
    scheduledAt: time('recurring.scheduledAt', scheduledAt),
  };
  refuseLong('recurring.source and the id of the event', read.source, ANY_UUID);
  return read;
}

/** As long as the id that the event of a schedule gets. */
const ANY_UUID = '00000000-0000-0000-0000-000000000000';

/** The table of cancellations refuses a longer key, and with it the keys of all events beside it. @throws TypeError */
function refuseLong(what: string, source: string, id: string): void {
  const bytes = Buffer.byteLength(source) + Buffer.byteLength(id);
  if (bytes > MAX_IDENTITY_BYTES)
    throw new TypeError(`${what} together have ${bytes} bytes; at most ${MAX_IDENTITY_BYTES} are allowed`);
}

type Members = Readonly<Record<string, unknown>>;

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name} of the message is not a text`);
}

function time(name: string, value: unknown): string {
  const given = text(name, value);
  if (Number.isNaN(Date.parse(given)))
    throw new TypeError(`${name} of the message is not a time: '${given}'`);
  return given;
}
