import type { EventContract } from './define-event.ts';

/** The contracts of an application, by their type on the wire. */
export type Catalog = ReadonlyMap<string, EventContract>;

/**
 * Gathers contracts, usually the exports of `events/`.
 *
 * @throws TypeError when two of them have the same type and version
 */
export function createCatalog(contracts: Iterable<EventContract>): Catalog {
  const catalog = new Map<string, EventContract>();
  for (const contract of contracts) {
    if (catalog.has(contract.versionedType)) {
      throw new TypeError(
        `${contract.versionedType} is defined twice; give one of them another version or name`,
      );
    }
    catalog.set(contract.versionedType, contract);
  }
  return catalog;
}
