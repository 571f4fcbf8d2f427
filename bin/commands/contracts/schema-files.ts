import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';

const SUFFIX = '.json';

/** The schemas of all published versions, one file each: `events/schemas/shop.OrderPlaced.v1.json`. */
export class SchemaFiles {
  readonly #folder: string;

  constructor(eventsFolder: string) {
    this.#folder = join(eventsFolder, 'schemas');
  }

  /** By the type on the wire. @throws Error that names a file which is not JSON */
  async read(): Promise<ReadonlyMap<string, PublishedSchema>> {
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(SUFFIX)).toSorted();
    const schemas = await Promise.all(
      names.map(async (name) => [name.slice(0, -SUFFIX.length), await this.#readOne(name)] as const),
    );
    return new Map(schemas);
  }

  async write(type: string, schema: PublishedSchema): Promise<void> {
    await writeFile(this.pathOf(type), `${JSON.stringify(schema, null, 2)}\n`);
  }

  async remove(type: string): Promise<void> {
    await rm(this.pathOf(type));
  }

  pathOf(type: string): string {
    return join(this.#folder, `${type}${SUFFIX}`);
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
