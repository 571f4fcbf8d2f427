import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asFanfareBundles, asNodejsFunctionBundles } from '../bundles.ts';

const SUBJECTS = {
  nothing: { file: 'nothing.ts', bundler: asNodejsFunctionBundles },
  fanfare: { file: 'fanfare.ts', bundler: asFanfareBundles },
  powertools: { file: 'powertools.ts', bundler: asNodejsFunctionBundles },
  'put + update': { file: 'put-and-update.ts', bundler: asNodejsFunctionBundles },
  "fanfare, effects: 'commit'": { file: 'fanfare-commit.ts', bundler: asFanfareBundles },
  'powertools + effect': { file: 'powertools-with-effect.ts', bundler: asNodejsFunctionBundles },
} as const;

/** Bundles every subject into a folder, each as it would be deployed. @returns the bundles' paths by name */
export function bundleSubjects(folder: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SUBJECTS).map(([name, { file, bundler }]) => {
      const own = join(folder, file.replace('.ts', ''));
      mkdirSync(own);
      const bundle = bundler(fileURLToPath(new URL(`./subjects/${file}`, import.meta.url)));
      for (const [name, content] of bundle) writeFileSync(join(own, name), content);
      return [name, join(own, 'index.cjs')];
    }),
  );
}
