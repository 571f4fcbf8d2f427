import type { EventContract } from './define-event.ts';
import type { EventVersion } from './versions/event-version.ts';

/** Every version of every event of an application, by its type on the wire, such as `shop.OrderPlaced.v1`. */
export type Catalog = ReadonlyMap<string, EventVersion>;

/**
 * Creates a catalog from contracts, usually the exports of `events/`, with all their versions.
 *
 * An older version may also be its own contract, for code that still publishes or handles it. Both must have the same schema.
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
        `${version.versionedType} is defined twice with different data; use the same schema object in both definitions`,
      );
    }
    if (!known) catalog.set(version.versionedType, version);
  }
  return catalog;
}
