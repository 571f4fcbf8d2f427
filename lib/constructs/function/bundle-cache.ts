import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type Metafile, version } from 'esbuild';
import { BUILD } from './build-options.ts';
import type { BuiltBundle } from './bundle.ts';
import type { Bundle } from './bundle-files.ts';
import { BundleInputs, type Inputs } from './bundle-inputs.ts';
import { digest } from './input-fingerprints.ts';
import { noteUse, removeUnused } from './unused-files.ts';

/** The first line of the file of an entry; the files of the bundle follow. */
interface Header {
  /** How it was built. */
  readonly builder: string;
  /** The inputs in the folder of the entry. */
  readonly inputs: Inputs;
  /** The name of the file with the other inputs: most functions share these thousands. */
  readonly sharedInputs: string;
  /** The names of the files of the bundle, and their bytes. */
  readonly files: readonly (readonly [name: string, bytes: number])[];
  /** Of all of them. */
  readonly hash: string;
}

const NEWLINE = 10;

/** Goes up when more is asked: what an older Fanfare has kept was asked too little. */
const QUESTIONS = 3;

/** A bundle is as good as new only if the same esbuild would read the same with the same options. */
const BUILDER = digest(JSON.stringify([version, BUILD, process.env.NODE_PATH ?? '', QUESTIONS]));

/**
 * Bundles of earlier syntheses, a file for each entry, 1.2 MB for a consumer. A bundle is used while everything that has led to it is the
 * same: the content of each file, what each import leads to, esbuild and its options.
 *
 * They are in `node_modules/.cache`, where tools keep what can be made again: it outlives `cdk.out`, which `fanfare start` writes somewhere
 * else each time, `npm ci` empties it, and no repository has it. Without a `node_modules` above the entry, or if it cannot be written to,
 * nothing is kept. Two syntheses at once may write the same file: each writes its own, and gives it the name when it is complete.
 * A synthesis that writes a bundle removes what none has used for 7 days.
 */
export class BundleCache {
  readonly #inputs = new BundleInputs();
  /** Whether the inputs in these files are still the same. */
  readonly #shared = new Map<string, boolean>();
  /** The names of these files, by the paths of the inputs in them. */
  readonly #written = new Map<string, string>();
  /** The folders in which this synthesis has removed what is unused. */
  readonly #cleaned = new Set<string>();

  /** @returns undefined when there is none, something has changed, or the file is damaged */
  read(entry: string): Bundle | undefined {
    const folder = cacheAbove(dirname(entry));
    if (folder === undefined) return undefined;
    try {
      const content = readFileSync(join(folder, nameOf(entry)));
      const end = content.indexOf(NEWLINE);
      const header: Header = JSON.parse(content.toString('utf8', 0, end));
      const bundle = content.subarray(end + 1);
      if (header.builder !== BUILDER || !this.#inputs.areUnchanged(header.inputs)) return undefined;
      if (!this.#isSharedUnchanged(join(folder, header.sharedInputs)) || header.hash !== digest(bundle))
        return undefined;
      noteUse(join(folder, nameOf(entry)));
      return filesIn(bundle, header);
    } catch {
      // There is no such file, or it is damaged: the bundle is built, and takes its place.
      return undefined;
    }
  }

  /** @param built all bundles of one call of esbuild */
  write(built: readonly BuiltBundle[]): void {
    const files: Metafile['inputs'] = Object.assign({}, ...built.map(({ inputs }) => inputs));
    const entries = built.map(({ entry }) => entry);
    if (this.#inputs.haveChanged(files, entries)) return;
    for (const one of built) this.#writeOne(one);
  }

  #writeOne({ entry, files, inputs: read }: BuiltBundle): void {
    const folder = cacheAbove(dirname(entry));
    if (folder === undefined) return;
    const [own, shared] = split(read, dirname(entry));
    const inputs = this.#inputs.describe(own, [entry]);
    const sharedInputs = inputs && this.#writeShared(folder, shared);
    if (inputs === undefined || sharedInputs === undefined) return;
    const bundle = Buffer.concat([...files.values()]);
    const header: Header = {
      builder: BUILDER,
      inputs,
      sharedInputs,
      files: [...files].map(([name, { byteLength }]) => [name, byteLength]),
      hash: digest(bundle),
    };
    writeWhole(
      join(folder, nameOf(entry)),
      Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bundle]),
    );
    if (this.#cleaned.has(folder)) return;
    this.#cleaned.add(folder);
    removeUnused(folder);
  }

  /** @returns the name of the file with these inputs, written once in a synthesis */
  #writeShared(folder: string, files: Metafile['inputs']): string | undefined {
    const key = [folder, ...Object.keys(files).sort()].join('\n');
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const inputs = this.#inputs.describe(files);
    if (inputs === undefined) return undefined;
    const content = JSON.stringify(inputs);
    const name = digest(content);
    writeWhole(join(folder, name), Buffer.from(content));
    this.#shared.set(join(folder, name), true);
    this.#written.set(key, name);
    return name;
  }

  #isSharedUnchanged(file: string): boolean {
    const known = this.#shared.get(file);
    if (known !== undefined) return known;
    const inputs: Inputs = JSON.parse(readFileSync(file, 'utf8'));
    const unchanged = this.#inputs.areUnchanged(inputs);
    if (unchanged) noteUse(file);
    this.#shared.set(file, unchanged);
    return unchanged;
  }
}

function filesIn(bundle: Uint8Array, { files }: Pick<Header, 'files'>): Bundle {
  let begin = 0;
  return new Map(
    files.map(([name, bytes]) => {
      begin += bytes;
      return [name, bundle.subarray(begin - bytes, begin)];
    }),
  );
}

/** The inputs of a bundle that are in the folder of its entry, and the others. */
function split(
  files: Metafile['inputs'],
  folder: string,
): readonly [own: Metafile['inputs'], shared: Metafile['inputs']] {
  const begin = `${relative('', folder).replaceAll(sep, '/')}/`;
  const all = Object.entries(files);
  return [
    Object.fromEntries(all.filter(([file]) => file.startsWith(begin))),
    Object.fromEntries(all.filter(([file]) => !file.startsWith(begin))),
  ];
}

function writeWhole(file: string, content: Uint8Array): void {
  const folder = dirname(file);
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // The disk is full or read-only: the next synthesis builds the bundle again.
    if (existsSync(temporary)) rmSync(temporary);
  }
}

/** Source maps name files from the working directory on, so each of these has bundles of its own. */
function nameOf(entry: string): string {
  return digest(`${process.cwd()}\n${entry}`);
}

function cacheAbove(folder: string): string | undefined {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return join(modules, '.cache/fanfare/bundles');
  const parent = dirname(folder);
  return parent === folder ? undefined : cacheAbove(parent);
}
