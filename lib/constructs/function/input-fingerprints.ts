import { createHash } from 'node:crypto';
import {
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';

/**
 * Takes the fingerprints of the inputs of bundles, each once, and none of a file that is new. An input is a kind and a path:
 *
 * - `content FILE`: the hash of the file
 * - `names PATH`: the names in its folder that differ from it by an ending at most, and if it is a folder, what it has for an index
 * - `package FOLDER`: where this folder of a `node_modules` leads to, and the hash of its package.json
 * - `folder PATH`: where this path leads to, through all links on the way
 * - `settings FOLDER`: the hash of its package.json and tsconfig.json, with what the latter extends
 */
export class InputFingerprints {
  readonly #fingerprints = new Map<string, string | undefined>();
  readonly #listings = new Map<string, readonly Dirent[]>();
  readonly #startedAt = Date.now();

  /** @returns undefined when a bundle with this input cannot be kept */
  take(input: string): string | undefined {
    if (this.#fingerprints.has(input)) return this.#fingerprints.get(input);
    const fingerprint = this.#find(input);
    this.#fingerprints.set(input, fingerprint);
    return fingerprint;
  }

  /** Whether a file was made or changed after this object. Its fingerprint may then belong to an older content than the bundle has. */
  isNew(path: string): boolean {
    const { ctimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    return ctimeMs > this.#startedAt - CLOCK_TICK_MILLISECONDS;
  }

  /** Whether a link on the way of a path was made or changed since the first fingerprint. */
  hasNewLink(path: string): boolean {
    const links = realPath(path) === path ? [] : linksOf(path);
    return links.some((link) => lstatSync(link).ctimeMs > this.#startedAt - CLOCK_TICK_MILLISECONDS);
  }

  #find(input: string): string | undefined {
    const space = input.indexOf(' ');
    const path = input.slice(space + 1);
    switch (input.slice(0, space)) {
      case 'content':
        return this.#hashOf(path);
      case 'names':
        return this.#namesLike(path);
      case 'folder':
        return realPath(path);
      case 'package':
        return this.#package(path);
      default:
        return this.#settings(path);
    }
  }

  #namesLike(path: string): string | undefined {
    const [stem = ''] = basename(path).split('.');
    const siblings = this.#list(dirname(path)).filter(
      ({ name }) => name === stem || name.startsWith(`${stem}.`),
    );
    if (siblings.some(({ name }) => this.isNew(join(dirname(path), name)))) return undefined;
    const inside = siblings.some(({ name }) => name === basename(path)) ? this.#list(path) : [];
    const index = inside.filter(({ name }) => name.startsWith('index.')).map(({ name }) => name);
    const settings = inside.some(({ name }) => name === PACKAGE_JSON)
      ? this.#hashOf(join(path, PACKAGE_JSON))
      : '';
    return [...siblings.map((entry) => nameOf(dirname(path), entry)), '/', ...index, settings].join(' ');
  }

  #package(folder: string): string {
    // Most folders on the way up have no `node_modules`: two listings replace a read for each package.
    const scope = dirname(folder);
    const modules = basename(scope).startsWith('@') ? dirname(scope) : scope;
    if (this.#list(modules).length === 0) return '';
    if (!this.#list(scope).some(({ name }) => name === basename(folder))) return '';
    return `${realPath(folder)} ${this.#hashOf(join(folder, PACKAGE_JSON)) ?? ''}`;
  }

  #settings(folder: string): string | undefined {
    const names = this.#list(folder).map(({ name }) => name);
    const own = names.includes(PACKAGE_JSON) ? this.#hashOf(join(folder, PACKAGE_JSON)) : '';
    // esbuild reads no such file of a package.
    const configs = folder.includes('node_modules')
      ? []
      : names.filter((name) => COMPILER_SETTINGS.includes(name));
    const texts = configs.flatMap((name) => withExtended(join(folder, name)));
    return texts.some((text) => MAPS_IMPORTS.test(text))
      ? undefined
      : `${own} ${texts.map(digest).join(' ')}`;
  }

  /** @returns undefined when there is no such file, or it is new */
  #hashOf(file: string): string | undefined {
    if (this.isNew(file)) return undefined;
    try {
      return digest(readFileSync(file));
    } catch {
      // What a missing file means depends on the kind of the input.
      return undefined;
    }
  }

  #list(folder: string): readonly Dirent[] {
    const known = this.#listings.get(folder);
    if (known) return known;
    const listing = listFolder(folder);
    this.#listings.set(folder, listing);
    return listing;
  }
}

/** The clock that a file's times are taken from goes on in steps: on Linux 10 ms at most. */
const CLOCK_TICK_MILLISECONDS = 20;
const PACKAGE_JSON = 'package.json';
const COMPILER_SETTINGS = ['tsconfig.json', 'jsconfig.json'];
const MAPS_IMPORTS = /"(paths|baseUrl|rootDirs)"\s*:/;

/** A link leads to what it names. */
function nameOf(folder: string, entry: Dirent): string {
  return entry.isSymbolicLink() ? `${entry.name}>${realPath(join(folder, entry.name))}` : entry.name;
}

/** The links on the way of a path, and on the ways that they name. A link that leads to itself is no way. */
function linksOf(path: string, seen: ReadonlySet<string> = new Set()): string[] {
  if (path === dirname(path) || seen.has(path)) return [];
  const above = linksOf(dirname(path), seen);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return above;
  const next = resolve(dirname(path), readlinkSync(path));
  return [...above, path, ...linksOf(next, new Set([...seen, path]))];
}

/** The text of a tsconfig.json, and of all that it extends. */
function withExtended(file: string, seen: ReadonlySet<string> = new Set()): string[] {
  if (seen.has(file)) return [];
  const text = readText(file);
  const [, value = ''] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text) ?? [];
  const names = [...value.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);
  const extended = names.map((name) => extendedFile(file, name));
  return [text, ...extended.flatMap((next) => [next, ...withExtended(next, new Set([...seen, file]))])];
}

function extendedFile(file: string, name: string): string {
  if (name.startsWith('.')) return resolve(dirname(file), extname(name) === '.json' ? name : `${name}.json`);
  const { resolve: find } = createRequire(file);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return find(candidate);
    } catch {
      // Tried under its next name; a name that leads nowhere has the same fingerprint until it leads somewhere.
    }
  }
  return name;
}

function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // It does not exist, is a file, or cannot be read: esbuild finds nothing there either.
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A link to nothing.
    return '';
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // esbuild warns about it and goes on, so a missing file has a fingerprint too.
    return '';
  }
}

/** The SHA-256 of a content, as the name of a file may have it. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
