import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { schemasOfAsyncApi } from '../../../contracts/documents/schemas-of-async-api.ts';
import { isJsonObject } from '../../../contracts/json/json.ts';
import { type ForeignVersion, readVersion } from '../../../contracts/source/contract-source.ts';
import { type ForeignSchema, InexpressibleSchemaError } from '../../../contracts/source/read-keywords.ts';
import { SCHEMA_FOLDER, SCHEMA_SUFFIX } from '../schema-files.ts';

/** The published versions of a source. */
export interface SourceVersions {
  readonly versions: readonly ForeignVersion[];
  /** Versions that are given up, such as `shop.OrderPlaced.v1`; they are not imported. */
  readonly retired: readonly string[];
}

/**
 * Reads the versions of a source: a folder of schemas, a folder that has one (`events/`, or a package of `contracts pack`), one schema, or
 * an `asyncapi.json`.
 *
 * @throws Error that names the file which is no such thing
 */
export async function readSource(source: string): Promise<SourceVersions> {
  const files = await listFiles(source);
  const schemas = (await Promise.all(files.map(readSchemas))).flat();
  if (schemas.length === 0) {
    throw new Error(`${source} has no schemas; name a folder of schemas, a schema or an asyncapi.json`);
  }
  const isRetired = ({ schema }: ForeignVersion): boolean => schema['x-retired'] === true;
  return {
    versions: schemas.filter((one) => !isRetired(one)),
    retired: schemas.filter(isRetired).map(({ type, version }) => `${type}.v${version}`),
  };
}

async function listFiles(source: string): Promise<readonly string[]> {
  if (!(await isFolder(source))) return [source];
  const inner = join(source, SCHEMA_FOLDER);
  const folder = (await isFolder(inner)) ? inner : source;
  const names = (await readdir(folder)).filter((name) => name.endsWith(SCHEMA_SUFFIX));
  return names.toSorted().map((name) => join(folder, name));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What is not there is no folder; reading it as a file says so.
    return false;
  }
}

async function readSchemas(file: string): Promise<readonly ForeignVersion[]> {
  const content = await readJson(file);
  const schemas: readonly ForeignSchema[] =
    content.asyncapi === undefined ? [content] : schemasOfAsyncApi(content);
  try {
    return schemas.map(readVersion);
  } catch (cause) {
    if (!(cause instanceof InexpressibleSchemaError)) throw cause;
    throw new Error(`${file} is no schema of an event: ${cause.message}`, { cause });
  }
}

async function readJson(file: string): Promise<ForeignSchema> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON`, { cause });
  }
  if (isJsonObject(content)) return content;
  throw new Error(`${file} does not contain a JSON object`);
}
