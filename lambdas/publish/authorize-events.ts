import { isConsumerSource } from '../../lib/contracts/consumer-source.ts';
import type { Envelope } from '../../lib/contracts/envelope.ts';
import type { EventVersion } from '../../lib/contracts/event-version.ts';
import type { Problem } from '../../lib/contracts/problem.ts';
import { takesSource } from '../../lib/contracts/producers/define-producer.ts';
import type { ProducerRule } from '../../lib/contracts/producers/producer-rule.ts';
import { type Caller, isCaller, labelOf } from './caller.ts';

/** What a caller may publish. */
export interface Authority {
  /** Why the caller may not publish an event; undefined when it may. */
  refusalOf(event: Envelope, version: EventVersion): Problem | undefined;
  /** The declared producer that the caller is for an event; undefined when none is declared. */
  ruleOf(event: Envelope): ProducerRule | undefined;
  /** Who publishes an event that is not refused, as it is stamped on it. */
  producerOf(event: Envelope): string;
}

/**
 * Says what a caller may publish: never in the name of a consumer, nor what only consumers emit; and where producers are declared, what
 * the caller is declared for. Each source is one producer's, so that nobody can use up the ids of another.
 *
 * @param only the type that the path of the request names: a policy may allow a caller that one alone
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
    return { pointer: '/source', detail: `is '${source}': only the consumer itself publishes under it` };
  if (internal) return { pointer: '/type', detail: `is ${type}, which only consumers emit` };
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
  if (own.length === 0) return { pointer: '', detail: 'comes from a caller that is no declared producer' };
  if (!rule) return { pointer: '/source', detail: `is none of ${names}: a source is one producer's alone` };
  if (rule.types.includes(type)) return undefined;
  return { pointer: '/type', detail: `is ${type}, which ${rule.name} is not declared for` };
}
