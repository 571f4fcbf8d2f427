import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../contracts/define-event.ts';
import { isConsumerSource } from '../../contracts/envelope/consumer-source.ts';
import { datarefProblems } from '../../contracts/envelope/data-links.ts';
import { deliverAtOf } from '../../contracts/envelope/deliver-at.ts';
import { checkNewEnvelope, type Envelope, SPEC_VERSION } from '../../contracts/envelope/envelope.ts';
import type { Problem } from '../../contracts/text/problem.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import { InvalidEventError } from './errors.ts';

/** Attributes of an event that a publisher can set. */
export interface EventOptions {
  /** URI-reference of the system that the event comes from, such as `/shop/checkout`. @default - the publisher's `source` */
  readonly source?: string;
  /** What the event is about, such as an order's id. @default - none */
  readonly subject?: string;
  /**
   * Identifies the event, together with `source`. If your code may publish the same fact twice, give both the same id. Id and source have
   * 2,047 bytes of UTF-8 together at most. @default - a random UUID
   */
  readonly id?: string;
  /** When the fact happened. @default - now */
  readonly time?: Date;
  /** On a FIFO bus, events with the same key stay in order: 1 to 128 ASCII letters, digits or punctuation characters. Required there, without effect elsewhere. */
  readonly partitionkey?: string;
  /** On a standard bus, the tenant that the event belongs to: a tenant with many events delays its own and not those of others. @default - the producer */
  readonly tenant?: string;
  /** The correlation id, shared by all events that one event has caused. @default - the event's own id */
  readonly correlationid?: string;
  /** The id of the event that caused this one. @default - none */
  readonly causationid?: string;
  /** W3C trace context. @default - none. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
  /**
   * When the event is delivered, at most 365 days from now: a time that has passed is at once. A text is an RFC 3339 time. See
   * docs/later.md. @default - at once
   */
  readonly at?: Date | string;
  /** In how many seconds the event is delivered; instead of `at`. @default - at once */
  readonly in?: number;
}

/** Refuses the sources of consumers: a consumer's source shows that the consumer itself has emitted the event. */
function reservedSource({ source = '' }: EventOptions): readonly Problem[] {
  if (!isConsumerSource(source)) return [];
  return [{ pointer: '/source', detail: `is '${source}': only the consumer itself may publish under it` }];
}

declare const checked: unique symbol;

/** An event that its contract has accepted. You can publish it again: it stays the same event, with the same id. */
export type NewEvent<Version extends EventVersion = EventVersion> = Envelope<DataOf<Version>> & {
  readonly [checked]: true;
};

/**
 * Makes an event that is ready to send. It is a copy: later changes of `data` do not change it. Its id is made here, once, so that
 * every retry sends the same event.
 *
 * @throws InvalidEventError with a JSON pointer to everything that breaks the contract or the CloudEvents specification
 * @throws TypeError when `at` or `in` is no time
 */
export function newEvent<Version extends EventVersion>(
  contract: Version,
  data: DataOf<Version>,
  options: EventOptions,
): NewEvent<Version> {
  return makeEvent(contract, { data, options, now: Date.now() });
}

/** As {@link newEvent}, at a time in epoch milliseconds. */
export function makeEvent<Version extends EventVersion>(
  contract: Version,
  {
    data,
    options,
    now,
  }: { readonly data: DataOf<Version>; readonly options: EventOptions; readonly now: number },
): NewEvent<Version> {
  const {
    id = randomUUID(),
    time = new Date(now),
    correlationid = id,
    at,
    in: seconds,
    ...attributes
  } = options;
  const deliverat = deliverAtOf({ at, in: seconds }, now);
  const { event, problems = [] } = checkNewEnvelope(
    {
      specversion: SPEC_VERSION,
      ...attributes,
      id,
      type: contract.versionedType,
      time: timestampOf(time),
      ...(deliverat !== undefined && { deliverat }),
      correlationid,
      datacontenttype: 'application/json',
      data,
    },
    now,
  );
  // Checks the data as consumers will read it. If the envelope is invalid, checks the given data, to report all problems at once.
  const wrong = [
    ...problems,
    ...reservedSource(attributes),
    ...linkProblemsOf(event, contract),
    ...contract.check(event ? event.data : data),
  ];
  if (wrong.length > 0) throw new InvalidEventError(contract.versionedType, wrong);
  // The type `NewEvent` says that both checks have accepted the event, and they have.
  return event as unknown as NewEvent<Version>;
}

/** A text that the check of the envelope refuses when the date is none. */
function timestampOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an invalid Date' : date.toISOString();
}

/** Checks `dataref`. The options have no such field, but a caller in JavaScript may set it. */
function linkProblemsOf(event: Envelope | undefined, { links }: EventVersion): readonly Problem[] {
  return event?.dataref === undefined ? [] : datarefProblems(event.dataref, links);
}
