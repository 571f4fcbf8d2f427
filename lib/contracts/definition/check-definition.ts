import type { EventContract } from '../define-event.ts';

/**
 * Refuses an upcast whose syntax shows that it returns no data, but a promise of it or an iterator.
 *
 * @throws TypeError naming the version
 */
export function refuseLateUpcast(versionedType: string, upcast: object): void {
  const kind = Object.prototype.toString.call(upcast).slice('[object '.length, -1);
  if (kind === 'Function') return;
  throw new TypeError(
    `the upcast of ${versionedType} is no plain function (${kind}); it has to return the data itself, so write it without async and *`,
  );
}

/**
 * Refuses a consumer two of whose contracts are of one type. Handlers go by the type: only one could read what arrives.
 *
 * @throws TypeError naming both, with what to do
 */
export function refuseTwoOfOneType(name: string, contracts: readonly EventContract[]): void {
  for (const [index, { type, versionedType }] of contracts.entries()) {
    const first = contracts.find((one, at) => at < index && one.type === type);
    if (!first) continue;
    throw new TypeError(
      first.versionedType === versionedType
        ? `consumer '${name}' listens to ${versionedType} twice; name it once`
        : `consumer '${name}' listens to ${first.versionedType} and to ${versionedType}; listen to the newer one alone, with the older one in its 'earlier': it reads both, and the handler gets the newer`,
    );
  }
}
