import { isUriReference } from '../attribute-types.ts';
import { isConsumerSource } from '../consumer-source.ts';
import type { EventContract } from '../define-event.ts';
import { MAX_EVENTS } from '../request-limits.ts';

/**
 * Who a producer is to API Gateway: an IAM role or user by its ARN, or the subject (`sub`) of the tokens of the issuer that the
 * settings name.
 */
export type Principal = { readonly iam: string } | { readonly jwt: string };

/** Who may publish which events, and under which sources. */
export interface ProducerDefinition {
  /** Stamped on every event that it publishes. */
  readonly name: string;
  readonly principal: Principal;
  /** The events that it may publish, in any of their versions. */
  readonly types: readonly EventContract[];
  /** Sources that are its alone: URI-references, or with `/*` at the end everything below one. */
  readonly sources: readonly string[];
  /**
   * How many events it may publish in a minute, 100 or more; what is beyond is answered 429. Each of its requests costs one write unit.
   * @default - as many as the API takes
   */
  readonly eventsPerMinute?: number;
}

const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const BELOW = '/*';
/** Segments that whoever reads the source as a path would follow out of it. */
const LEADS_OUT = /(?:^|\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)/i;
/** A request may have as many events. */
const LEAST_LIMIT = MAX_EVENTS;

/**
 * Declares a producer. Once a bus has one, its HTTP API takes events of declared producers only.
 *
 * @example
 * export const checkout = defineProducer({
 *   name: 'checkout',
 *   principal: { iam: 'arn:aws:iam::111122223333:role/checkout' },
 *   types: [OrderPlaced],
 *   sources: ['/shop/checkout'],
 * });
 * @throws TypeError when the name is not in small letters and dashes, nothing may be published, or a source is no URI-reference or a
 * consumer's
 */
export function defineProducer(producer: ProducerDefinition): ProducerDefinition {
  const { name, types, sources, eventsPerMinute = LEAST_LIMIT } = producer;
  if (!NAME_PATTERN.test(name)) {
    throw new TypeError(`the producer's name '${name}' must read like 'checkout' or 'web-shop'`);
  }
  if (types.length === 0 || sources.length === 0) {
    throw new TypeError(`the producer ${name} may publish nothing: name its types and its sources`);
  }
  if (!Number.isInteger(eventsPerMinute) || eventsPerMinute < LEAST_LIMIT) {
    throw new TypeError(
      `eventsPerMinute of ${name} is ${eventsPerMinute}; it must be a whole number from ${LEAST_LIMIT} on`,
    );
  }
  const internal = types.find((type) => type.internal);
  if (internal) {
    throw new TypeError(
      `${name} cannot publish ${internal.type}, which only consumers emit (internal: true)`,
    );
  }
  for (const source of sources) {
    const exact = source.endsWith(BELOW) ? source.slice(0, -1) : source;
    if (source === '' || exact.includes('*') || !isUriReference(exact)) {
      throw new TypeError(
        `the source '${source}' of ${name} is no URI-reference, such as '/shop/checkout', with '/*' at its end or without`,
      );
    }
    if (isConsumerSource(source)) {
      throw new TypeError(`the source '${source}' of ${name} is a consumer's; nobody else may have it`);
    }
  }
  return producer;
}

/** Whether one declared source takes an event's. */
export function takesSource(declared: string, source: string): boolean {
  if (!declared.endsWith(BELOW)) return source === declared;
  const start = declared.slice(0, -1);
  return source.startsWith(start) && !LEADS_OUT.test(source.slice(start.length));
}

/** Whether two declared sources have one in common. */
export function overlap(one: string, other: string): boolean {
  const start = (source: string): string => source.replace(/\/\*$/, '/');
  return start(one) === start(other) || takesSource(one, start(other)) || takesSource(other, start(one));
}
