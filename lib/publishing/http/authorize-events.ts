import { isConsumerSource } from '../../contracts/envelope/consumer-source.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { takesSource } from '../../contracts/producers/define-producer.ts';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';
import type { Problem } from '../../contracts/text/problem.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import { type Caller, isCaller, labelOf } from './caller.ts';

/** The permissions of one caller. */
export interface Authority {
  /** Why the caller may not publish an event; undefined when the caller may publish it. */
  refusalOf(event: Envelope, version: EventVersion): Problem | undefined;
  /** The declared producer to which an event belongs; undefined when there is none. */
  ruleOf(event: Envelope): ProducerRule | undefined;
  /** The value of the attribute `producer` of an event that is not refused. */
  producerOf(event: Envelope): string;
}

/**
 * Decides what a caller may publish. Nobody may publish under a consumer's source or publish an internal event. If producers are
 * declared, the caller may publish only what it is declared for. Each source belongs to one producer, so that nobody can use up the
 * ids of another producer.
 *
 * @param only the type in the path of the request; undefined for `POST /events`. A policy may allow a caller one such path only.
 */
export function createAuthority(
  caller: Caller,
  rules: readonly ProducerRule[],
  only: string | undefined,
): Authority {
  const own = rules.filter((rule) => isCaller(caller, rule));
  const ruleFor = ({ source }: Envelope): ProducerRule | undefined =>
    own.find(({ sources }) => sources.some((declared) => takesSource(declared, source)));
  return {
    refusalOf: (event, version) =>
      reservedFor(event, version, only) ??
      (rules.length > 0 ? undeclared(ruleFor(event), own, version) : undefined),
    ruleOf: ruleFor,
    producerOf: (event) => ruleFor(event)?.name ?? labelOf(caller),
  };
}

function reservedFor(
  { source }: Envelope,
  { type, internal }: EventVersion,
  only: string | undefined,
): Problem | undefined {
  if (isConsumerSource(source))
    return { pointer: '/source', detail: `is '${source}': only the consumer itself may publish under it` };
  if (internal) return { pointer: '/type', detail: `is ${type}, which only consumers may emit` };
  if (only !== undefined && only !== type)
    return { pointer: '/type', detail: `is ${type}, but the request was sent to the path of ${only}` };
  return undefined;
}

function undeclared(
  rule: ProducerRule | undefined,
  own: readonly ProducerRule[],
  { type }: EventVersion,
): Problem | undefined {
  const names = own.map(({ name }) => name).join(', ');
  if (own.length === 0) return { pointer: '', detail: 'comes from a caller that is not a declared producer' };
  if (!rule)
    return { pointer: '/source', detail: `is not a source of ${names}: each source belongs to one producer` };
  if (rule.types.includes(type)) return undefined;
  return { pointer: '/type', detail: `is ${type}, which ${rule.name} is not declared for` };
}
