import type { EventContract } from '../contracts/define-event.ts';
import { byLikeness, nearestName } from '../contracts/text/nearest-name.ts';
import type { EventVersion } from '../contracts/versions/event-version.ts';
import { UnknownNameError } from '../ops/errors.ts';

/**
 * The version of an event that a person means: `shop.OrderPlaced` is the newest, `shop.OrderPlaced.v1` the first.
 *
 * @throws UnknownNameError that lists what is known, the most similar names first
 */
export function findVersion(contracts: readonly EventContract[], name: string): EventVersion {
  const newest = contracts.find(({ type }) => type === name);
  const versions = contracts.flatMap((contract) => contract.versions);
  const found = newest ?? versions.find(({ versionedType }) => versionedType === name);
  if (found) return found;
  const names = versions.map(({ versionedType }) => versionedType);
  const meant = nearestName(name, [...names, ...contracts.map(({ type }) => type)]);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new UnknownNameError(
    `there is no event '${name}'; known are ${byLikeness(name, names).join(', ')}${hint}`,
  );
}
