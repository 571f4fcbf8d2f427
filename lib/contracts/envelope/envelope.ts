import { isJsonObject, JsonError, parseJson, toJson } from '../json/json.ts';
import type { Problem } from '../text/problem.ts';
import { delayProblem } from './deliver-at.ts';
import {
  attributeProblems,
  isAttributeName,
  optionalProblems,
  requiredProblems,
  SPEC_VERSION,
} from './envelope-rules.ts';

/** The media types of CloudEvents in JSON. */
export const CLOUDEVENTS_JSON = 'application/cloudevents+json';
export const CLOUDEVENTS_BATCH_JSON = 'application/cloudevents-batch+json';
export { SPEC_VERSION };

/**
 * A CloudEvents 1.0 event in the JSON format.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface Envelope<Data = unknown> {
  readonly specversion: typeof SPEC_VERSION;
  /** Identifies the event, together with `source`. The pair is the idempotency key. */
  readonly id: string;
  /** URI-reference of the system that the event comes from. */
  readonly source: string;
  /** Name and version of the event: `shop.OrderPlaced.v1`. */
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339 time of the fact. */
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Data;
  readonly data_base64?: string;
  /** The correlation id: the id of the first event of the chain, unless the publisher has set another one. */
  readonly correlationid?: string;
  /** The id of the event that caused this one. */
  readonly causationid?: string;
  /** W3C trace context. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
  /** On a FIFO bus, events with the same key stay in order: it is the MessageGroupId of SNS and SQS. */
  readonly partitionkey?: string;
  /**
   * RFC 3339 time at which the event is delivered, at most 365 days after it is published. An event whose time has passed is delivered at
   * once. See docs/later.md. @default - at once
   */
  readonly deliverat?: string;
  /** Link to data that is stored elsewhere. */
  readonly dataref?: string;
  /** Who published the event over the HTTP API: the name of a declared producer, or a label of the caller. Clients cannot set it. */
  readonly producer?: string;
  /** The type on the wire, if the consumer has read the event as a newer version. */
  readonly upcastfrom?: string;
  /** RFC 3339 time at which the data of the event was erased. It is set only in the archive, and in what is replayed from there. */
  readonly erased?: string;
  /** Any other extension attribute. */
  readonly [attribute: string]: unknown;
}

/**
 * The identity of an event: `<source>|<id>`.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#id
 */
export function identityOf(event: { readonly source: string; readonly id: string }): string {
  return `${event.source}|${event.id}`;
}

/** Whether an event has only a link to its data. */
export function lacksData({ data, data_base64, dataref }: Envelope): boolean {
  return dataref !== undefined && data === undefined && data_base64 === undefined;
}

/** Whether the data of an event was erased. An event that has any is none, whatever its attributes say. */
export function isErased({ erased, data, data_base64, dataref }: Envelope): boolean {
  return (
    typeof erased === 'string' && data === undefined && data_base64 === undefined && dataref === undefined
  );
}

/** A valid envelope, or all problems of an invalid one. */
export type EnvelopeCheck =
  | { readonly event: Envelope; readonly problems?: never }
  | { readonly event?: never; readonly problems: readonly [Problem, ...Problem[]] };

/**
 * Checks an envelope against the CloudEvents specification and against the limits of SNS, SQS and DynamoDB. Every way to publish or read
 * an event uses this check. It does not check the data; the contract does. The returned event has no null attributes, because for the
 * JSON format null means absent.
 *
 * @param value a value that parseJson or toJson has accepted
 */
export function checkEnvelope(value: unknown): EnvelopeCheck {
  if (!isJsonObject(value))
    return { problems: [{ pointer: '', detail: 'must be a JSON object: a CloudEvent' }] };
  const event = withoutNulls(value);
  const problems = [...requiredProblems(event), ...optionalProblems(event), ...attributeProblems(event)];
  const [first, ...rest] = problems;
  // The checks above have established every attribute that the type names.
  return first ? { problems: [first, ...rest] } : { event: event as Envelope };
}

/**
 * Attributes that only the bus may set: who has published, where data is stored, and that it was erased. Consumers add `upcastfrom`
 * themselves.
 */
export const BUS_ATTRIBUTES: readonly string[] = [
  'producer',
  'datasize',
  'datasha256',
  'datadigest',
  'upcastfrom',
  'erased',
];

/** The problem of an event from a client that has an attribute of the bus. */
export function stampProblem(event: Readonly<Record<string, unknown>>): Problem | undefined {
  const name = BUS_ATTRIBUTES.find((one) => event[one] !== undefined && event[one] !== null);
  return name === undefined
    ? undefined
    : { pointer: `/${name}`, detail: 'is set only by the bus; leave it out' };
}

/**
 * Checks an event that was made here, in its JSON form. The returned event is what a consumer will read.
 *
 * @param event the event; a member that is undefined counts as absent
 * @param now epoch milliseconds, for the limit of `deliverat`
 */
export function checkNewEnvelope(event: object, now: number): EnvelopeCheck {
  const stamped = stampProblem({ ...event });
  if (stamped) return { problems: [stamped] };
  try {
    const text = toJson(event);
    // JSON.parse reads a text that was written here correctly, except for keys with escapes.
    const checked = checkEnvelope(text.includes('\\') ? parseJson(text) : JSON.parse(text));
    const late = checked.event && delayProblem(checked.event, now);
    return late ? { problems: [late] } : checked;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { problems: error.problems };
  }
}

/**
 * The event without null attributes, because for the JSON format null means absent. Null data stays, because it is data. A member with an
 * invalid name stays too, so that the check reports it.
 */
export function withoutNulls(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(event).filter(
      ([name, value]) => value !== null || name === 'data' || !isAttributeName(name),
    ),
  );
}

/** The text of an event on the wire: compact JSON. */
export function serializeEnvelope(event: Envelope): string {
  return JSON.stringify(event);
}
