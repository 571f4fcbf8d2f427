import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '../../contracts/compatibility/check-contracts.ts';
import type { PublishedSchema } from '../../contracts/compatibility/json-schema.ts';

/** Where the schemas are, within the folder of the contracts. */
export const SCHEMA_FOLDER = 'schemas';

/** What the name of a schema's file has after the type. */
export const SCHEMA_SUFFIX = '.json';

/** The schemas of all published versions, one file each: `events/schemas/shop.OrderPlaced.v1.json`. A file is never removed. */
export class SchemaFiles {
  readonly #folder: string;

  constructor(eventsFolder: string) {
    this.#folder = join(eventsFolder, SCHEMA_FOLDER);
  }

  /** By the type on the wire. @throws Error that names a file which is not JSON */
  async read(): Promise<Schemas> {
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(SCHEMA_SUFFIX)).toSorted();
    const schemas = await Promise.all(
      names.map(async (name) => [name.slice(0, -SCHEMA_SUFFIX.length), await this.#readOne(name)] as const),
    );
    return new Map(schemas);
  }

  async write(type: string, schema: PublishedSchema): Promise<void> {
    await writeFile(this.pathOf(type), `${JSON.stringify(schema, null, 2)}\n`);
  }

  /** Keeps the schema, so that the version is never used again for another shape, and notes that no contract has it any more. */
  async retire(type: string, schema: PublishedSchema): Promise<void> {
    await this.write(type, { ...schema, 'x-retired': true });
  }

  pathOf(type: string): string {
    return join(this.#folder, `${type}${SCHEMA_SUFFIX}`);
  }

  async #readOne(name: string): Promise<PublishedSchema> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8'));
    } catch (cause) {
      throw new Error(`${join(this.#folder, name)} cannot be read; take it from version control again`, {
        cause,
      });
    }
  }
}
