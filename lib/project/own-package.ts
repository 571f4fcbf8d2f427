import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the package that this code is a part of is called, and its version. */
export interface OwnPackage {
  readonly name: string;
  readonly version: string;
}

const PACKAGE_JSON = 'package.json';

/** Reads the package.json above this file: that of the repository for the sources, that of the package once it is built. */
export function readOwnPackage(): OwnPackage {
  const file = findUpwards(import.meta.dirname);
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof content === 'object' && content !== null && 'name' in content && 'version' in content) {
    const { name, version } = content;
    if (typeof name === 'string' && typeof version === 'string') return { name, version };
  }
  throw new Error(`${file} has no name and version; install the package again`);
}

function findUpwards(folder: string): string {
  const file = join(folder, PACKAGE_JSON);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`there is no ${PACKAGE_JSON} above ${import.meta.dirname}`);
  return findUpwards(parent);
}
