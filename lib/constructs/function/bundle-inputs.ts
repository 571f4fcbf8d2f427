import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { InputFingerprints } from './input-fingerprints.ts';

/** The inputs of a bundle, each with its fingerprint at that time. While all fingerprints are the same, so is the bundle. */
export type Inputs = Readonly<Record<string, string>>;

/** Tells whether what leads esbuild from an entry to its bundle is as it was. */
export class BundleInputs {
  /** Each is taken once: the bundles of a synthesis share nearly all of their inputs. */
  readonly #fingerprints = new InputFingerprints();

  /**
   * Describes all that has decided about a bundle: the content of each file, and what decides which file the entry and each import lead to.
   * esbuild names each file by its real path, so the links on the way to it are asked apart.
   *
   * @returns undefined when that cannot be known: a file is not on the disk, has changed since the synthesis began, or a tsconfig.json sends
   * imports to other folders
   */
  describe(inputs: Metafile['inputs'], entries: readonly string[] = []): Inputs | undefined {
    const names = new Set([
      ...entries.flatMap(wayTo),
      ...Object.entries(inputs).flatMap(([path, input]) => inputsOf(path, input)),
    ]);
    const described: Record<string, string> = {};
    for (const name of names) {
      const fingerprint = this.#fingerprints.take(name);
      if (fingerprint === undefined) return undefined;
      described[name] = fingerprint;
    }
    return described;
  }

  /** Whether a file, or a link to it, has changed since the synthesis began: then nobody knows which content esbuild has read. */
  haveChanged(inputs: Metafile['inputs'], entries: readonly string[]): boolean {
    const written = Object.entries(inputs).flatMap(([path, input]) => pathsOf(path, input));
    return (
      Object.keys(inputs).some((file) => this.#fingerprints.isNew(file)) ||
      [...new Set([...entries, ...written])].some((path) => this.#fingerprints.hasNewLink(path))
    );
  }

  areUnchanged(inputs: Inputs): boolean {
    return Object.entries(inputs).every(
      ([name, fingerprint]) => this.#fingerprints.take(name) === fingerprint,
    );
  }
}

function inputsOf(path: string, { imports }: Metafile['inputs'][string]): string[] {
  const file = resolve(path);
  const folder = dirname(file);
  return [
    `content ${file}`,
    ...shadowsOf(file),
    ...ancestorsOf(folder).map((ancestor) => `settings ${ancestor}`),
    ...imports
      .filter(({ external }) => !external)
      .flatMap(({ original = '' }) => {
        if (isPath(original)) return wayTo(resolve(folder, original));
        const name = packageOf(original);
        return ancestorsOf(folder).flatMap((ancestor) => [
          `package ${join(ancestor, 'node_modules', name)}`,
          ...foldersWithin(name, original).map((inner) => `folder ${join(ancestor, 'node_modules', inner)}`),
        ]);
      }),
  ];
}

/** The paths that the imports of a file may mean, as they are written. */
function pathsOf(path: string, { imports }: Metafile['inputs'][string]): string[] {
  const folder = dirname(resolve(path));
  return imports
    .filter(({ external }) => !external)
    .flatMap(({ original = '' }) =>
      isPath(original)
        ? [resolve(folder, original)]
        : ancestorsOf(folder).map((ancestor) => join(ancestor, 'node_modules', original)),
    );
}

function isPath(original: string): boolean {
  return original.startsWith('.') || isAbsolute(original);
}

function packageOf(original: string): string {
  return original.split('/', original.startsWith('@') ? 2 : 1).join('/');
}

/** The folders of a package that an import names: `polite/a` and `polite/a/b` in `polite/a/b`. The last may be a file. */
function foldersWithin(name: string, original: string): string[] {
  if (original.length <= name.length) return [];
  return [...foldersWithin(name, dirname(original)), original];
}

/** What decides which file a path leads to. */
function wayTo(path: string): string[] {
  return [...shadowsOf(path), `folder ${dirname(path)}`];
}

/** What esbuild may take in the place of a file: another of its name, or a folder of its name, or of its folder's if it is an index. */
function shadowsOf(file: string): string[] {
  const folder = dirname(file);
  return [`names ${file}`, ...(basename(file).startsWith('index.') ? [`names ${folder}`] : [])];
}

const ancestors = new Map<string, readonly string[]>();

/** A folder and all that it is in. */
function ancestorsOf(folder: string): readonly string[] {
  const known = ancestors.get(folder);
  if (known) return known;
  const parent = dirname(folder);
  const all = parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
  ancestors.set(folder, all);
  return all;
}
