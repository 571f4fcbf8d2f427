import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** @see https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
const shape = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      inBundle: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** A package of the lockfile. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it lies, such as `node_modules/zod`. */
  readonly path: string;
  readonly integrity: string | undefined;
  /** It lies in the archive of another package, whose hash covers it. */
  readonly inBundle: boolean;
  /** An SPDX expression. */
  readonly licence: string | undefined;
  /** It is there to build and test, and nothing that is deployed holds it. */
  readonly dev: boolean;
  readonly hasInstallScript: boolean;
}

const LOCKFILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

/** Every package that `npm ci` may install, on any platform. */
export function readLockfile(): readonly LockedPackage[] {
  const { packages } = shape.parse(JSON.parse(readFileSync(LOCKFILE, 'utf8')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { version = '', integrity, license, ...flags }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      path,
      integrity,
      licence: license,
      inBundle: flags.inBundle ?? false,
      dev: flags.dev ?? false,
      hasInstallScript: flags.hasInstallScript ?? false,
    }));
}
