import type { EventContract } from './define-event.ts';
import type { EventVersion } from './event-version.ts';

/** Every version of every event of an application, by its type on the wire. */
export type Catalog = ReadonlyMap<string, EventVersion>;

/**
 * Gathers contracts, usually the exports of `events/`, with all the versions that they know.
 *
 * An older version may also be a contract of its own, for those that still publish or take it, if both have the same schema.
 *
 * @throws TypeError when two contracts have the same type and version, or disagree about a version
 */
export function createCatalog(contracts: Iterable<EventContract>): Catalog {
  const all = [...contracts];
  const catalog = new Map<string, EventVersion>();
  for (const contract of all) {
    if (catalog.has(contract.versionedType)) {
      throw new TypeError(
        `${contract.versionedType} is defined twice; give one of them another version or name`,
      );
    }
    catalog.set(contract.versionedType, contract);
  }
  for (const version of all.flatMap(({ versions }) => versions)) {
    const known = catalog.get(version.versionedType);
    if (known && known.schema !== version.schema) {
      throw new TypeError(
        `${version.versionedType} is defined twice with different data; let one take its schema from the other`,
      );
    }
    if (!known) catalog.set(version.versionedType, version);
  }
  return catalog;
}
