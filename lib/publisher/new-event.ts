import { randomUUID } from 'node:crypto';
import { isConsumerSource } from '../contracts/consumer-source.ts';
import { datarefProblems } from '../contracts/data-links.ts';
import type { DataOf } from '../contracts/define-event.ts';
import { checkNewEnvelope, type Envelope, SPEC_VERSION } from '../contracts/envelope.ts';
import type { EventVersion } from '../contracts/event-version.ts';
import type { Problem } from '../contracts/problem.ts';
import { InvalidEvent } from './errors.ts';

/** What a publisher may say of an event beside its data. */
export interface EventOptions {
  /** URI-reference of what the event comes from, such as `/shop/checkout`. @default - that of the publisher */
  readonly source?: string;
  readonly subject?: string;
  /** With `source`, identifies the event: whoever may publish the same fact twice gives it the same id. @default - a random UUID */
  readonly id?: string;
  /** When it happened. @default - now */
  readonly time?: Date;
  /** Ordering and fairness: the MessageGroupId of SNS and SQS. */
  readonly partitionkey?: string;
  /** The story that the event belongs to. @default - its own id */
  readonly correlationid?: string;
  /** The id of the event that caused it. */
  readonly causationid?: string;
  /** W3C trace context. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
}

/** What consumers emit can be told by its source; nothing else may look like it. */
function reservedSource({ source = '' }: EventOptions): readonly Problem[] {
  if (!isConsumerSource(source)) return [];
  return [{ pointer: '/source', detail: `is '${source}': only the consumer itself publishes under it` }];
}

declare const checked: unique symbol;

/** An event that its contract has let through. It can be published again: it is the same event, with the same id. */
export type NewEvent<Version extends EventVersion = EventVersion> = Envelope<DataOf<Version>> & {
  readonly [checked]: true;
};

/**
 * Makes an event, ready to be sent: as it stands on the wire, whatever becomes of the data given. Its id is made here, once, so that every retry is the same event.
 *
 * @throws InvalidEvent naming by JSON pointer what breaks the contract or the rules of CloudEvents
 */
export function newEvent<Version extends EventVersion>(
  contract: Version,
  data: DataOf<Version>,
  options: EventOptions,
): NewEvent<Version> {
  const { id = randomUUID(), time = new Date(), correlationid = id, ...attributes } = options;
  const { event, problems = [] } = checkNewEnvelope({
    specversion: SPEC_VERSION,
    ...attributes,
    id,
    type: contract.versionedType,
    time: Number.isNaN(time.getTime()) ? 'an invalid Date' : time.toISOString(),
    correlationid,
    datacontenttype: 'application/json',
    data,
  });
  // What counts is what will be read from the wire; where nothing can be sent, what was given is looked at all the same.
  const wrong = [
    ...problems,
    ...reservedSource(attributes),
    ...linkProblemsOf(event, contract),
    ...contract.check(event ? event.data : data),
  ];
  if (wrong.length > 0) throw new InvalidEvent(contract.versionedType, wrong);
  // Both checks have let it through, which is what the type says.
  return event as unknown as NewEvent<Version>;
}

/** No option has a link, but a caller without types may name one all the same. */
function linkProblemsOf(event: Envelope | undefined, { links }: EventVersion): readonly Problem[] {
  return event?.dataref === undefined ? [] : datarefProblems(event.dataref, links);
}
