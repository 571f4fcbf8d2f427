import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';

/** A version of an event, and the names of the consumers that take it. */
export interface VersionTaken {
  readonly version: EventVersion;
  readonly consumers: readonly string[];
}

/**
 * Lists the consumers of each version of every event that is published or taken, in the order of the names.
 *
 * @param events contracts that anybody may publish; each consumer adds what it emits and what it knows
 */
export function versionsTaken(
  events: Iterable<EventContract>,
  consumers: readonly ConsumerDefinition[],
): readonly VersionTaken[] {
  const known = new Map<string, EventVersion>();
  const contracts = [...events, ...consumers.flatMap(({ listensTo }) => listensTo)];
  const emitted = consumers.flatMap(({ emits }) => emits);
  for (const version of [...contracts.flatMap(({ versions }) => versions), ...emitted]) {
    known.set(version.versionedType, version);
  }
  return [...known.values()]
    .toSorted((a, b) => a.type.localeCompare(b.type) || a.version - b.version)
    .map((version) => ({
      version,
      consumers: consumers.filter((consumer) => takes(consumer, version)).map(({ name }) => name),
    }));
}

/** Versions that never reach a consumer although it takes others of the same event: its contract does not have them. */
export function versionsMissed(
  taken: readonly VersionTaken[],
  consumer: ConsumerDefinition,
): readonly EventVersion[] {
  return taken
    .map(({ version }) => version)
    .filter(({ type }) => consumer.listensTo.some((contract) => contract.type === type))
    .filter((version) => !takes(consumer, version));
}

/** Versions without a consumer although another version of the same event has one: most likely a forgotten step. */
export function versionsForgotten(taken: readonly VersionTaken[]): readonly EventVersion[] {
  const wanted = new Set(
    taken.filter(({ consumers }) => consumers.length > 0).map(({ version }) => version.type),
  );
  return taken
    .filter(({ version, consumers }) => consumers.length === 0 && wanted.has(version.type))
    .map(({ version }) => version);
}

function takes({ listensTo }: ConsumerDefinition, { versionedType }: EventVersion): boolean {
  return listensTo.some(({ versions }) =>
    versions.some((version) => version.versionedType === versionedType),
  );
}
