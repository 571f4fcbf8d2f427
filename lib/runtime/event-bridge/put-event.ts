import { type JsonCaller, type JsonRefusal, parseObject, requestJson } from '../../aws/json-request.ts';
import { PermanentError } from '../errors.ts';

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const PUT_EVENTS = { service: 'events', variable: 'EVENTBRIDGE', target: 'AWSEvents.PutEvents' };

/** One event, as EventBridge takes it. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export interface PutEventsEntry {
  /** ARN of the bus. */
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  /** A JSON object. */
  readonly Detail: string;
  /** Epoch seconds. */
  readonly Time?: number;
  /** X-Ray's header of the trace. */
  readonly TraceHeader?: string;
}

interface Answer {
  readonly Entries: readonly {
    readonly EventId?: string;
    readonly ErrorCode?: string;
    readonly ErrorMessage?: string;
  }[];
}

/**
 * Codes by which EventBridge refuses this event, and would refuse it again. Missing permissions are not among them: a new policy needs some
 * seconds to take effect.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const PERMANENT_CODES: ReadonlySet<string> = new Set([
  'InvalidArgument',
  'MalformedDetail',
  'RedactionFailure',
  'ValidationException',
]);

/**
 * Puts one event on a bus of EventBridge.
 *
 * @returns EventBridge's id of the event
 * @throws PermanentError when EventBridge refuses the event itself: it is too large, or not valid
 * @throws Error when another attempt may succeed
 */
export async function putEvent(
  entry: PutEventsEntry,
  caller: JsonCaller,
  signal: AbortSignal,
): Promise<string> {
  const answer = await requestJson(PUT_EVENTS, { Entries: [entry] }, caller, signal);
  if ('refusal' in answer) throw refused(entry, answer.refusal);
  const [result = {}] = parseObject<Answer>(answer.text)?.Entries ?? [];
  const { EventId, ErrorCode: code = '', ErrorMessage = 'it gave no reason' } = result;
  if (EventId !== undefined) return EventId;
  throw refused(entry, { code, reason: code ? `${code}: ${ErrorMessage}` : 'its answer has no id' });
}

function refused(
  { DetailType, EventBusName }: PutEventsEntry,
  { code, reason }: Pick<JsonRefusal, 'code' | 'reason'>,
): Error {
  const text = `EventBridge did not take ${DetailType} on ${EventBusName}: ${reason}`;
  return PERMANENT_CODES.has(code) ? new PermanentError(text) : new Error(text);
}
