import { type LockedPackage, readLockfile } from './lockfile.ts';

/** Licences that ask for no more than to keep their text. @see https://spdx.org/licenses/ */
const ALLOWED = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
/** Fit for tools that are used as they are and not passed on. */
const ALLOWED_IN_DEVELOPMENT = [...ALLOWED, 'MPL-2.0', 'Python-2.0'];

/** Whether a licence, or a choice of licences of which one is, may be used. */
export function isAllowed(licence: string | undefined, dev: boolean): boolean {
  if (licence === undefined) return false;
  const allowed = dev ? ALLOWED_IN_DEVELOPMENT : ALLOWED;
  const expression = licence.replace(/^\((.*)\)$/, '$1');
  // Nested expressions are not taken apart: whoever brings one has to look at it.
  return expression
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => allowed.includes(one)));
}

/** Packages whose licence nobody has agreed to. */
export function unexpectedLicences(packages: readonly LockedPackage[]): readonly string[] {
  return packages
    .filter(({ licence, dev }) => !isAllowed(licence, dev))
    .map(({ name, version, licence = 'no licence' }) => `${name}@${version}: ${licence}`);
}

/** The licences with the names of their packages, the most frequent first. */
export function listLicences(packages: readonly LockedPackage[]): string {
  const byLicence = Map.groupBy(packages, ({ licence = 'no licence' }) => licence);
  return [...byLicence]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([licence, of]) =>
        `${licence} (${of.length})\n${namesOf(of)
          .map((name) => `  ${name}\n`)
          .join('')}`,
    )
    .join('\n');
}

function namesOf(packages: readonly LockedPackage[]): readonly string[] {
  const names = packages.map(({ name, version, dev }) => `${name}@${version}${dev ? ' (development)' : ''}`);
  return [...new Set(names)].toSorted();
}

if (import.meta.main) {
  const packages = readLockfile();
  console.log(listLicences(packages));
  const unexpected = unexpectedLicences(packages);
  if (unexpected.length > 0) {
    console.error(`Nobody has agreed to these licences:\n  ${unexpected.join('\n  ')}`);
    process.exitCode = 1;
  }
}
