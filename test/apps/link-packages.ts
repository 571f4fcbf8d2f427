import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Links into the folder of an app what npm would install there: this package, and what it is used with. */
export function linkPackages(root: string): void {
  const packages = join(root, 'node_modules');
  mkdirSync(packages);
  symlinkSync(resolve('.'), join(packages, 'fanfare'));
  for (const name of ['aws-cdk-lib', 'constructs', 'zod'])
    symlinkSync(resolve('node_modules', name), join(packages, name));
}
