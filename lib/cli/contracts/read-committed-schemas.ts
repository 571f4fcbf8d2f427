import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Schemas } from '../../contracts/compatibility/check-contracts.ts';
import type { PublishedSchema } from '../../contracts/compatibility/json-schema.ts';
import { askGit, git } from './git.ts';
import { SCHEMA_FOLDER, SCHEMA_SUFFIX } from './schema-files.ts';

/** `shop.OrderPlaced.v1`, which is the name of the file too. */
const VERSIONED_TYPE = /^[a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*)*\.[A-Z][A-Za-z0-9]*\.v\d+$/;
/** A line of `git ls-tree`: mode, type and id, then the path. */
const BLOB = /^\d+ blob ([0-9a-f]+)\t(.*)$/s;

/**
 * The published schemas as a commit has them; none when it has no such folder.
 *
 * @throws Error when git cannot read them, as from a clone without blobs that has no network, or one is not JSON
 */
export async function readCommittedSchemas(folder: string, commit: string): Promise<Schemas> {
  const here = await listSchemas(folder, [commit, `${SCHEMA_FOLDER}/`], commit);
  const files = here.length > 0 ? here : await listMovedSchemas(folder, commit);
  const read = await git(folder, ['cat-file', '--batch'], files.map(({ id }) => `${id}\n`).join(''));
  if (!read.ok) throw unreadable(commit, read.reason);
  const texts = splitBatch(read.output);
  return new Map(files.map(({ type }, index) => [type, parse(texts[index] ?? '', { type, commit })]));
}

interface SchemaFile {
  readonly id: string;
  readonly path: string;
  readonly type: string;
}

/** @param options of `git ls-tree`, and the path at its end if only that is wanted */
async function listSchemas(
  folder: string,
  listing: readonly string[],
  commit: string,
): Promise<SchemaFile[]> {
  const listed = await git(folder, ['ls-tree', '-z', ...listing]);
  if (!listed.ok) throw unreadable(commit, listed.reason);
  return listed.output
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [, id, path] = BLOB.exec(line) ?? [];
      return id && path?.endsWith(SCHEMA_SUFFIX) ? [{ id, path, type: basename(path, SCHEMA_SUFFIX) }] : [];
    });
}

/** Schemas that the commit has elsewhere and that are there no more: the folder was moved, and its promises with it. */
async function listMovedSchemas(folder: string, commit: string): Promise<SchemaFile[]> {
  const top = await askGit(folder, 'rev-parse', '--show-toplevel');
  if (top === undefined) return [];
  const all = await listSchemas(top, ['-r', '--full-tree', commit], commit);
  return all.filter(({ path }) => isPublishedSchema(path) && !existsSync(join(top, path)));
}

/** Another repository may have folders of that name too, with files of other kinds. */
function isPublishedSchema(path: string): boolean {
  const [folder, file = ''] = path.split('/').slice(-2);
  return folder === SCHEMA_FOLDER && VERSIONED_TYPE.test(basename(file, SCHEMA_SUFFIX));
}

/** Every object is `<id> <type> <size>`, a line break, that many bytes, and a line break. */
function splitBatch(output: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < output.length; ) {
    const start = output.indexOf('\n', at) + 1;
    const size = Number(output.toString('utf8', at, start).split(' ')[2]);
    // An object that is missing has a line and no size; its empty text is told of as unreadable.
    const end = start + (Number.isNaN(size) ? 0 : size);
    texts.push(output.toString('utf8', start, end));
    at = Number.isNaN(size) ? start : end + 1;
  }
  return texts;
}

function parse(
  text: string,
  { type, commit }: { readonly type: string; readonly commit: string },
): PublishedSchema {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${SCHEMA_FOLDER}/${type}${SCHEMA_SUFFIX} of commit ${commit} is not JSON; compare with another commit: --against <ref>`,
      { cause },
    );
  }
}

function unreadable(commit: string, reason: string): Error {
  return new Error(`the schemas of commit ${commit} cannot be read: ${reason}`);
}
