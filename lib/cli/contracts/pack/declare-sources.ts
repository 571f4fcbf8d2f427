import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** A specifier of another file of the declarations. */
const RELATIVE = /(?:\bfrom\s*|\bimport\s*\(\s*)["'](\.[^"']*)["']/g;
/** For an app without a tsconfig.json. */
const DEFAULTS = { target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true };

/**
 * Writes the types of modules with the app's own TypeScript, and its own settings.
 *
 * @param outdir where the declarations go, by their paths from the root: those of the modules, and those that these import
 * @returns the path of each module's declarations, from the folder
 * @throws Error when the app has no TypeScript, or its types are wrong
 */
export async function declareSources(
  modules: readonly string[],
  { root, outdir }: { readonly root: string; readonly outdir: string },
): Promise<ReadonlyMap<string, string>> {
  const tsc = findCompiler(root);
  const cache = join(root, '.fanfare');
  await mkdir(cache, { recursive: true, mode: 0o700 });
  // Within the app, so that the compiler finds its packages.
  const folder = await mkdtemp(join(cache, 'pack-'));
  try {
    const project = join(folder, 'tsconfig.json');
    await writeFile(project, JSON.stringify(settings(modules, { root, outDir: join(folder, 'types') })));
    await compile(tsc, project, root);
    const paths = modules.map((file) => [file, declarationOf(relative(root, file))] as const);
    await copyReachable(
      paths.map(([, path]) => path),
      { from: join(folder, 'types'), to: outdir },
    );
    return new Map(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function settings(
  files: readonly string[],
  { root, outDir }: { readonly root: string; readonly outDir: string },
): object {
  const own = join(root, 'tsconfig.json');
  const hasOwn = existsSync(own);
  return {
    ...(hasOwn && { extends: own }),
    compilerOptions: {
      ...(!hasOwn && DEFAULTS),
      noEmit: false,
      composite: false,
      incremental: false,
      declaration: true,
      declarationMap: false,
      emitDeclarationOnly: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      rootDir: root,
      outDir,
    },
    files,
    include: [],
  };
}

function findCompiler(root: string): string {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    return join(dirname(manifest), 'bin', 'tsc');
  } catch (cause) {
    throw new Error(
      `there is no TypeScript in ${root}, which writes the types of the package; npm install --save-dev typescript`,
      { cause },
    );
  }
}

async function compile(tsc: string, project: string, root: string): Promise<void> {
  const child = spawn(process.execPath, [tsc, '--project', project, '--pretty', 'false'], { cwd: root });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`the types of the contracts cannot be written:\n${output}${errors}`);
}

/** Copies declarations, and those that they import. */
async function copyReachable(
  paths: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const seen = new Set<string>();
  const copy = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path));
    const source = await readFile(join(from, path), 'utf8');
    for (const [, specifier = ''] of source.matchAll(RELATIVE)) {
      const target = relative(from, resolve(from, dirname(path), specifier));
      await copy(findDeclaration(from, target));
    }
  };
  for (const path of paths) await copy(path);
}

function findDeclaration(folder: string, target: string): string {
  const candidates = [declarationOf(target), `${target}.d.ts`, join(target, 'index.d.ts')];
  const found = candidates.find((path) => existsSync(join(folder, path)));
  if (found !== undefined) return found;
  throw new Error(`the types of ${target} are not written; import only TypeScript from the contracts`);
}

/** `events/shop.ts`, or `events/shop.js` as an import may name it, has its types in `events/shop.d.ts`. */
function declarationOf(path: string): string {
  return path.replace(/\.([cm]?)[jt]s$/, '.d.$1ts');
}
