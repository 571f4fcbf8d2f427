import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { findProject } from '../../project/find-project.ts';
import { type BuiltBundle, buildBundles } from './bundle.ts';
import { BundleCache } from './bundle-cache.ts';
import type { Bundle } from './bundle-files.ts';
import { SharedCode } from './shared-code.ts';

/** Functions that esbuild bundles in one call. It takes 25 MB of memory for each, and more of them save no more time. */
const TOGETHER = 16;

/**
 * Bundles the functions of one synthesis. What has not changed since an earlier one comes from the cache. When one has to be built, esbuild
 * builds the next ones of the project's `lambdas/<name>/handler.ts` in the same call, because it reads what they share once.
 */
export class Bundler {
  readonly #cache = new BundleCache();
  /** Built with another one, and not asked for yet. */
  readonly #ready = new Map<string, Bundle>();
  readonly #asked = new Set<string>();
  #shared: SharedCode | undefined;
  #handlers: readonly string[] | undefined;

  /** @throws BuildFailure of esbuild, saying where the file does not compile */
  bundle(entry: string): Bundle {
    const file = resolve(entry);
    this.#asked.add(file);
    const found = this.#ready.get(file) ?? this.#cache.read(file) ?? this.#build(file);
    this.#ready.delete(file);
    return found;
  }

  #build(file: string): Bundle {
    const files = [file, ...this.#next(file)];
    const built = this.#buildTogether(files);
    this.#cache.write(built);
    for (const one of built) this.#ready.set(one.entry, one.files);
    const found = this.#ready.get(file);
    if (found === undefined) throw new Error(`esbuild wrote no bundle of ${file}`);
    return found;
  }

  #buildTogether(files: readonly string[]): readonly BuiltBundle[] {
    this.#shared ??= new SharedCode();
    try {
      return buildBundles(files, this.#shared);
    } catch (error) {
      if (files.length === 1) throw error;
      // Perhaps only another one does not compile, which the app may not even use: from now on each is built alone and says so itself.
      this.#handlers = [];
      return buildBundles(files.slice(0, 1), this.#shared);
    }
  }

  /** The functions after this one that have to be built too. */
  #next(file: string): string[] {
    this.#handlers ??= findHandlers(file);
    const index = this.#handlers.indexOf(file);
    if (index < 0) return [];
    return [...this.#handlers.slice(index + 1), ...this.#handlers.slice(0, index)]
      .filter((other) => !this.#asked.has(other) && !this.#ready.has(other))
      .slice(0, TOGETHER - 1)
      .filter((other) => this.#cache.read(other) === undefined);
  }
}

/** `lambdas/<name>/handler.ts` of the project, which the file is one of; otherwise none. */
function findHandlers(file: string): readonly string[] {
  const lambdas = dirname(dirname(file));
  if (findLambdas(file) !== lambdas) return [];
  return readdirSync(lambdas)
    .map((name) => join(lambdas, name, basename(file)))
    .filter((handler) => existsSync(handler));
}

function findLambdas(file: string): string | undefined {
  try {
    return findProject(dirname(file)).lambdas;
  } catch {
    // The file is in no project: it is bundled alone.
    return undefined;
  }
}
