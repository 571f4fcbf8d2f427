import { isJsonObject } from '../json/json.ts';

/** A JSON Schema of somebody else, of which nothing is known yet. */
export type ForeignSchema = Readonly<Record<string, unknown>>;

/** A schema with its place in its document. */
export interface Located {
  readonly schema: ForeignSchema;
  /** JSON pointer, such as `/properties/orderId`. */
  readonly pointer: string;
}

/** Writes a schema as source text of zod. The place is needed for errors. */
export type Write = (schema: unknown, pointer: string) => string;

/** Thrown when no contract can say what a JSON Schema says. */
export class InexpressibleSchemaError extends Error {
  override readonly name = 'InexpressibleSchemaError';
  /** JSON pointer into the schema. */
  readonly pointer: string;
  /** What cannot be said, as a phrase that follows the pointer. */
  readonly detail: string;

  constructor(pointer: string, detail: string) {
    super(`${pointer || '/'}: ${detail}`);
    this.pointer = pointer;
    this.detail = detail;
  }
}

/** @throws InexpressibleSchemaError when the schema has a keyword that is not in the list */
export function refuseOthers({ schema, pointer }: Located, known: readonly string[]): void {
  const other = Object.keys(schema).find((keyword) => !known.includes(keyword));
  if (other !== undefined) {
    throw new InexpressibleSchemaError(
      `${pointer}/${other}`,
      `no contract can say '${other}' here; write this event by hand`,
    );
  }
}

export function readObject(value: unknown, pointer: string): ForeignSchema {
  if (isJsonObject(value)) return value;
  throw new InexpressibleSchemaError(pointer, 'must be an object');
}

export function readList(value: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InexpressibleSchemaError(pointer, 'must be a list');
}

export function readText(value: unknown, pointer: string): string {
  if (typeof value === 'string') return value;
  throw new InexpressibleSchemaError(pointer, 'must be a string');
}

/** The number of a keyword; undefined when the schema does not have the keyword. */
export function readNumber({ schema, pointer }: Located, keyword: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined || typeof value === 'number') return value;
  throw new InexpressibleSchemaError(`${pointer}/${keyword}`, 'must be a number');
}

/** The values of a keyword of a list, each with its place. */
export function* readEach(value: unknown, pointer: string): Iterable<readonly [unknown, string]> {
  for (const [index, one] of readList(value, pointer).entries()) yield [one, `${pointer}/${index}`];
}
