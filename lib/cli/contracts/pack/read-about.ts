import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../../contracts/json/json.ts';
import type { Project } from '../../../project/find-project.ts';
import { readOwnPackage } from '../../../project/own-package.ts';
import type { PackageAbout } from './package-files.ts';

const SEMVER = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * What the package says of itself, from the cdk.json and the package.json of the app.
 *
 * @param asked name and version, if somebody has asked for others
 * @throws Error when the app has no name or no version, or one that npm does not take
 */
export function readAbout(
  { root, context }: Project,
  asked: { readonly name?: string; readonly version?: string },
): PackageAbout {
  const file = join(root, 'package.json');
  const own: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const manifest = isJsonObject(own) ? own : {};
  const { app } = context;
  const name = asked.name ?? (typeof app === 'string' ? `@${app}/contracts` : undefined);
  if (name === undefined || !PACKAGE_NAME.test(name)) {
    throw new Error(`the package has no name that npm takes (${name}); say one with --name @shop/contracts`);
  }
  const version = asked.version ?? manifest.version;
  if (typeof version !== 'string' || !SEMVER.test(version)) {
    throw new Error(`${file} has no version such as 1.2.0 (${version}); say one with --version`);
  }
  const { license, dependencies, devDependencies } = manifest;
  return {
    name,
    version,
    app: typeof app === 'string' ? app : name,
    license: typeof license === 'string' ? license : undefined,
    peerDependencies: {
      fanfare: `^${readOwnPackage().version}`,
      zod: rangeOfZod([dependencies, devDependencies]),
    },
  };
}

/** Zod has to be the consumer's own copy: an exact version of it would be a second one. */
function rangeOfZod(dependencies: readonly unknown[]): string {
  const ranges = dependencies.flatMap((all) =>
    isJsonObject(all) && typeof all.zod === 'string' ? [all.zod] : [],
  );
  const [range = '^4.0.0'] = ranges;
  return SEMVER.test(range) ? `^${range}` : range;
}
