import { isJsonObject } from '../json/json.ts';
import { InexpressibleSchemaError, type Located, readList, refuseOthers } from './read-keywords.ts';
import { nameSource, valueSource } from './source-text.ts';

/** A list or an object may have defaults of its own, which only `.prefault` fills in. */
export function defaultSource(value: unknown, pointer: string): string {
  const isSingle = typeof value !== 'object' || value === null;
  return `.${isSingle ? 'default' : 'prefault'}(${valueSource(value, pointer)})`;
}

export function metaSource(annotations: readonly (readonly [string, unknown])[], pointer: string): string {
  if (annotations.length === 0) return '';
  const members = annotations.map(
    ([keyword, value]) => `${nameSource(keyword)}: ${valueSource(value, `${pointer}/${keyword}`)}`,
  );
  return `.meta({ ${members.join(', ')} })`;
}

export function neverSource({ schema, pointer }: Located): string {
  refuseOthers({ schema, pointer }, ['not']);
  const { not } = schema;
  if (not === true || (isJsonObject(not) && Object.keys(not).length === 0)) return 'z.never()';
  throw new InexpressibleSchemaError(`${pointer}/not`, 'a contract cannot exclude values');
}

export function constSource(located: Located): string {
  refuseOthers(located, ['const', 'type']);
  return `z.literal(${scalarSource(located.schema.const, `${located.pointer}/const`)})`;
}

export function enumSource(located: Located): string {
  refuseOthers(located, ['enum', 'type']);
  const at = `${located.pointer}/enum`;
  const values = readList(located.schema.enum, at);
  const texts = values.map((value) => scalarSource(value, at)).join(', ');
  return values.every((value) => typeof value === 'string') ? `z.enum([${texts}])` : `z.literal([${texts}])`;
}

function scalarSource(value: unknown, pointer: string): string {
  if (typeof value !== 'object' || value === null) return valueSource(value, pointer);
  throw new InexpressibleSchemaError(pointer, 'a contract can only list single values');
}

export function typesSource(located: Located): string {
  refuseOthers(located, ['type']);
  const texts = readList(located.schema.type, `${located.pointer}/type`).map((type) => {
    if (type === 'string' || type === 'number' || type === 'boolean' || type === 'null') return `z.${type}()`;
    throw new InexpressibleSchemaError(
      `${located.pointer}/type`,
      `'${type}' in a list of types; write an anyOf with a schema for each`,
    );
  });
  const [first, second] = texts;
  return texts.length === 2 && second === 'z.null()' && first !== undefined
    ? `${first}.nullable()`
    : `z.union([${texts.join(', ')}])`;
}
