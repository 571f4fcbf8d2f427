import { isJsonObject } from '../json/json.ts';
import { jsonPointer } from '../text/problem.ts';
import {
  InexpressibleSchemaError,
  type Located,
  readList,
  readObject,
  readText,
  refuseOthers,
  type Write,
} from './read-keywords.ts';
import { indent, nameSource } from './source-text.ts';

/** Writes an object or a record. */
export function objectSource(located: Located, write: Write): string {
  return located.schema.propertyNames === undefined
    ? fieldsSource(located, write)
    : recordSource(located, write);
}

function fieldsSource(located: Located, write: Write): string {
  refuseOthers(located, ['type', 'properties', 'required', 'additionalProperties']);
  const { schema, pointer } = located;
  const properties = readObject(schema.properties ?? {}, `${pointer}/properties`);
  const required = readRequired(located);
  const missing = required.find((name) => !Object.hasOwn(properties, name));
  if (missing !== undefined) {
    throw new InexpressibleSchemaError(`${pointer}/required`, `'${missing}' is not among the properties`);
  }
  const fields = Object.entries(properties).map(([name, field]) => {
    const text = write(field, `${pointer}/properties${jsonPointer([name])}`);
    return `${nameSource(name)}: ${fieldSource(text, field, required.includes(name))},`;
  });
  const shape = fields.length > 0 ? `{\n${indent(fields.join('\n'))}\n}` : '{}';
  return othersSource(shape, schema.additionalProperties, (others) =>
    write(others, `${pointer}/additionalProperties`),
  );
}

function readRequired({ schema, pointer }: Located): readonly string[] {
  if (schema.required === undefined) return [];
  return readList(schema.required, `${pointer}/required`).map((name) =>
    readText(name, `${pointer}/required`),
  );
}

/** A default already lets a field be missing. */
function fieldSource(text: string, field: unknown, isRequired: boolean): string {
  const hasDefault = isJsonObject(field) && field.default !== undefined;
  if (isRequired) return hasDefault ? `z.nonoptional(${text})` : text;
  return hasDefault ? text : `${text}.optional()`;
}

function othersSource(shape: string, others: unknown, write: (others: unknown) => string): string {
  if (others === undefined) return `z.object(${shape})`;
  if (others === false) return `z.strictObject(${shape})`;
  const isAnything = others === true || (isJsonObject(others) && Object.keys(others).length === 0);
  return isAnything ? `z.looseObject(${shape})` : `z.object(${shape}).catchall(${write(others)})`;
}

function recordSource(located: Located, write: Write): string {
  refuseOthers(located, ['type', 'propertyNames', 'additionalProperties', 'required']);
  const { schema, pointer } = located;
  const { propertyNames, additionalProperties = {} } = schema;
  const names = write(propertyNames, `${pointer}/propertyNames`);
  const values = write(additionalProperties, `${pointer}/additionalProperties`);
  const hasDefault = isJsonObject(additionalProperties) && additionalProperties.default !== undefined;
  const isPartial = hasListedNames(propertyNames) && readRequired(located).length === 0 && !hasDefault;
  return `z.${isPartial ? 'partialRecord' : 'record'}(${names}, ${values})`;
}

/** Whether the names are listed. Then they are required, unless the record is partial. */
function hasListedNames(names: unknown): boolean {
  if (!isJsonObject(names)) return false;
  if (Array.isArray(names.anyOf)) return names.anyOf.every(hasListedNames);
  return names.enum !== undefined || names.const !== undefined;
}
