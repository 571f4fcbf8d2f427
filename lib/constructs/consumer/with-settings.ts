import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import type { BusParts } from '../bus/i-event-bus.ts';

/** A definition with variables that are known only at synth. They win over those of the definition. */
export function withEnvironment(
  definition: ConsumerDefinition,
  environment: Readonly<Record<string, string>> | undefined,
): ConsumerDefinition {
  return { ...definition, environment: { ...definition.environment, ...environment } };
}

/**
 * Without a breaker where the bus cannot stop a consumer: its controller reaches no other account.
 *
 * @throws TypeError when the definition asks for one there
 */
export function withBreaker(
  definition: ConsumerDefinition,
  { stopsConsumers }: BusParts,
  busName: string,
): ConsumerDefinition {
  if (stopsConsumers || !breakerOf(definition)) return definition;
  if (definition.breaker === undefined) return { ...definition, breaker: false };
  throw new TypeError(
    `consumer '${definition.name}' has a breaker, and ${busName} is known by its attributes and cannot stop it; in the account of the bus, ` +
      'name the bus with EventBus.fromStage, and in another one write breaker: false',
  );
}
