import {
  attributeProblems,
  isAttributeName,
  optionalProblems,
  requiredProblems,
  SPEC_VERSION,
} from './envelope-rules.ts';
import { isJsonObject, JsonError, parseJson, toJson } from './json.ts';
import type { Problem } from './problem.ts';

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
  /** With `source`, identifies the event: the idempotency key. */
  readonly id: string;
  /** URI-reference of what the event came from. */
  readonly source: string;
  /** Name and version of the fact: `shop.OrderPlaced.v1`. */
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339 time of the fact. */
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Data;
  readonly data_base64?: string;
  /** The story that this event belongs to: the id of its first event, unless the publisher named it. */
  readonly correlationid?: string;
  /** The id of the event that caused this one. */
  readonly causationid?: string;
  /** W3C trace context. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
  /** Ordering and fairness: becomes the MessageGroupId of SNS and SQS. */
  readonly partitionkey?: string;
  /** Link to data kept elsewhere. */
  readonly dataref?: string;
  /** Who has published the event over the HTTP API: a declared producer, or a label of the caller. No client can set it. */
  readonly producer?: string;
  /** The type that an event had on the wire, when a consumer has read it as a newer version. */
  readonly upcastfrom?: string;
  /** Any other extension attribute. */
  readonly [attribute: string]: unknown;
}

/**
 * What identifies an event everywhere: `<source>|<id>`.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#id
 */
export function identityOf(event: { readonly source: string; readonly id: string }): string {
  return `${event.source}|${event.id}`;
}

/** Whether the data of an event lies elsewhere: it carries only a link to it. */
export function lacksData({ data, data_base64, dataref }: Envelope): boolean {
  return dataref !== undefined && data === undefined && data_base64 === undefined;
}

/** Either an envelope that is right, or everything that is wrong with it. */
export type EnvelopeCheck =
  | { readonly event: Envelope; readonly problems?: never }
  | { readonly event?: never; readonly problems: readonly [Problem, ...Problem[]] };

/**
 * The one check of an envelope, at every door: against the CloudEvents specification, and against what SNS, SQS and the tables
 * take, for the event itself and for what is emitted in answer to it. Its data is the contract's matter. The event that comes out
 * has no null attributes: the JSON format makes no difference between null and absent.
 *
 * @param value that parseJson or toJson has let through
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

/** Attributes that say what only the bus knows: who has published, and where it has put data. Consumers add the last one themselves. */
export const BUS_ATTRIBUTES: readonly string[] = [
  'producer',
  'datasize',
  'datasha256',
  'datadigest',
  'upcastfrom',
];

/** What is wrong with an event that a client brings: it says what only the bus may say. */
export function stampProblem(event: Readonly<Record<string, unknown>>): Problem | undefined {
  const name = BUS_ATTRIBUTES.find((one) => event[one] !== undefined && event[one] !== null);
  return name === undefined
    ? undefined
    : { pointer: `/${name}`, detail: 'is set by the bus alone; leave it out' };
}

/**
 * Checks an event that was made here, as it stands on the wire: what comes out is what a consumer will read.
 *
 * @param event whose members that are undefined count as absent
 */
export function checkNewEnvelope(event: object): EnvelopeCheck {
  const stamped = stampProblem({ ...event });
  if (stamped) return { problems: [stamped] };
  try {
    const text = toJson(event);
    // What was written here JSON.parse reads right, but for keys with escapes.
    return checkEnvelope(text.includes('\\') ? parseJson(text) : JSON.parse(text));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { problems: error.problems };
  }
}

/**
 * The event without attributes that are null, which the JSON format takes for absent. Null data is data, and what has the name of no
 * attribute is wrong whatever its value: it stays, to be named.
 */
export function withoutNulls(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(event).filter(
      ([name, value]) => value !== null || name === 'data' || !isAttributeName(name),
    ),
  );
}

/** The text of an event, as it travels: compact JSON. */
export function serializeEnvelope(event: Envelope): string {
  return JSON.stringify(event);
}
