import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { ASSETS } from '../../lib/local/http/documents.ts';
import { creatorManifest, manifest } from './manifest.ts';

/**
 * Builds the package `fanfare` in `lib/dist`: the sources as JavaScript with their types, what they read beside them, and a package.json.
 * `npm pack ./lib/dist` makes the tarball. Beside it `dist/create-fanfare`, which is `fanfare init` alone: npm looks for a package of that name when
 * somebody types `npm create fanfare library`, and the other would bring the engines with it. In the repository nothing is built: Node runs the sources as they are.
 */
const OUT = 'lib/dist';
const CREATOR = 'dist/create-fanfare';
const resolve = createRequire(import.meta.url).resolve;

rmSync(OUT, { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', ['--project', 'tsconfig.package.json'], { stdio: 'inherit' });
for (const file of globSync('lib/**/*.{css,template}', { exclude: [`${OUT}/**`] })) {
  cpSync(file, join(OUT, file.replace(/^lib\//, '')));
}
copyRenderers();
cpSync('LICENSE', join(OUT, 'LICENSE'));
for (const page of globSync(['*.md', 'docs/*.md', 'lib/**/*.md'], {
  exclude: [`${OUT}/**`, 'CONTRIBUTING.md'],
}))
  copyPage(page);
writeFileSync(join(OUT, 'package.json'), `${JSON.stringify(manifest(OUT), null, 2)}\n`);
chmodSync(join(OUT, 'cli/fanfare.js'), 0o755);
buildCreator();

/** A page, with links to where the package has the files of `lib`. */
function copyPage(page: string): void {
  const to = join(OUT, page.replace(/^lib\//, ''));
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(page, 'utf8').replaceAll(/\]\(((?:\.\.\/)*)lib\//g, ']($1'));
}

function buildCreator(): void {
  rmSync(CREATOR, { recursive: true, force: true });
  buildSync({
    entryPoints: ['lib/cli/init/create-fanfare.ts'],
    outdir: CREATOR,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(join(CREATOR, 'create-fanfare.js'), 0o755);
  cpSync('lib/cli/init/template', join(CREATOR, 'template'), { recursive: true });
  cpSync('LICENSE', join(CREATOR, 'LICENSE'));
  writeFileSync(join(CREATOR, 'package.json'), `${JSON.stringify(creatorManifest(), null, 2)}\n`);
}

/** The pages that show the documents: two files of a renderer that would bring 234 packages with it. */
function copyRenderers(): void {
  const folder = join(OUT, 'local/http/assets');
  mkdirSync(folder, { recursive: true });
  for (const asset of Object.values(ASSETS)) {
    const name = asset.replaceAll('/', '-');
    cpSync(resolve(asset), join(folder, name));
  }
  for (const name of ['swagger-ui-dist', '@asyncapi/react-component']) {
    const licence = join(resolve(`${name}/package.json`), '../LICENSE');
    writeFileSync(join(folder, `${name.replaceAll('/', '-')}.LICENSE`), readFileSync(licence));
  }
}
