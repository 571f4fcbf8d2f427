import type { EventContract } from '../define-event.ts';
import { isUriReference } from '../envelope/attribute-types.ts';
import { isConsumerSource } from '../envelope/consumer-source.ts';
import { MAX_EVENTS } from '../envelope/request-limits.ts';

/**
 * The identity of a producer at API Gateway: the ARN of an IAM role or user, or the subject (`sub`) of tokens of the configured issuer.
 */
export type Principal = { readonly iam: string } | { readonly jwt: string };

/** A producer: which events it may publish, and under which sources. */
export interface ProducerDefinition {
  /** Name in kebab-case, such as `web-shop`. Every event that the producer publishes has it in the attribute `producer`. */
  readonly name: string;
  /** The identity with which the producer calls the API. */
  readonly principal: Principal;
  /** The events that the producer may publish, in any version; one or more. */
  readonly types: readonly EventContract[];
  /** Sources that belong only to this producer; one or more. A source is a URI-reference, or with `/*` at its end, everything below it. */
  readonly sources: readonly string[];
  /**
   * Maximum events per minute, an integer from 100. A request above the limit gets a 429. Each request of the producer costs one DynamoDB
   * write unit.
   *
   * @default - no limit for this producer
   */
  readonly eventsPerMinute?: number;
}

const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const BELOW = '/*';
/** Dot segments, which lead out of the source when it is read as a path. */
const LEADS_OUT = /(?:^|\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)/i;
/** The minimum limit, so that a request with the maximum number of events is possible. */
const LEAST_LIMIT = MAX_EVENTS;

/**
 * Declares a producer. When a bus has a producer, its HTTP API accepts events of declared producers only.
 *
 * @example
 * export const checkout = defineProducer({
 *   name: 'checkout',
 *   principal: { iam: 'arn:aws:iam::111122223333:role/checkout' },
 *   types: [OrderPlaced],
 *   sources: ['/shop/checkout'],
 * });
 * @throws TypeError when the name is not kebab-case, `types` or `sources` is empty, a type is internal, the limit is out of range, or a
 * source is not a URI-reference or belongs to a consumer
 */
export function defineProducer(producer: ProducerDefinition): ProducerDefinition {
  const { name, types, sources, eventsPerMinute = LEAST_LIMIT } = producer;
  if (!NAME_PATTERN.test(name)) {
    throw new TypeError(`the producer's name '${name}' must be kebab-case, for example 'web-shop'`);
  }
  if (types.length === 0 || sources.length === 0) {
    throw new TypeError(`the producer ${name} may publish nothing; give it at least one type and one source`);
  }
  if (!Number.isInteger(eventsPerMinute) || eventsPerMinute < LEAST_LIMIT) {
    throw new TypeError(
      `eventsPerMinute of ${name} is ${eventsPerMinute}; it must be an integer from ${LEAST_LIMIT}`,
    );
  }
  const internal = types.find((type) => type.internal);
  if (internal) {
    throw new TypeError(
      `${name} cannot publish ${internal.type}, which only consumers may emit (internal: true)`,
    );
  }
  for (const source of sources) {
    const exact = source.endsWith(BELOW) ? source.slice(0, -1) : source;
    if (source === '' || exact.includes('*') || !isUriReference(exact)) {
      throw new TypeError(
        `the source '${source}' of ${name} is not valid; write a URI-reference such as '/shop/checkout', with or without '/*' at its end`,
      );
    }
    if (isConsumerSource(source)) {
      throw new TypeError(
        `the source '${source}' of ${name} belongs to a consumer; give the producer another source`,
      );
    }
  }
  return producer;
}

/** Whether a declared source covers the source of an event. */
export function takesSource(declared: string, source: string): boolean {
  if (!declared.endsWith(BELOW)) return source === declared;
  const start = declared.slice(0, -1);
  return source.startsWith(start) && !LEADS_OUT.test(source.slice(start.length));
}

/** Whether two declared sources cover a common source. */
export function overlap(one: string, other: string): boolean {
  const start = (source: string): string => source.replace(/\/\*$/, '/');
  return start(one) === start(other) || takesSource(one, start(other)) || takesSource(other, start(one));
}
