import { isJsonObject } from '../json/json.ts';
import {
  InexpressibleSchemaError,
  type Located,
  readEach,
  readNumber,
  refuseOthers,
  type Write,
} from './read-keywords.ts';

/** Writes an array or a tuple. */
export function arraySource(located: Located, write: Write): string {
  return located.schema.prefixItems === undefined ? listSource(located, write) : tupleSource(located, write);
}

function listSource(located: Located, write: Write): string {
  refuseOthers(located, ['type', 'items', 'minItems', 'maxItems']);
  const { schema, pointer } = located;
  const items = write(schema.items ?? {}, `${pointer}/items`);
  const [least, most] = [readNumber(located, 'minItems'), readNumber(located, 'maxItems')];
  const bounds = [
    ...(least === undefined ? [] : [`.min(${least})`]),
    ...(most === undefined ? [] : [`.max(${most})`]),
  ];
  return `z.array(${items})${bounds.join('')}`;
}

function tupleSource(located: Located, write: Write): string {
  refuseOthers(located, ['type', 'prefixItems', 'items', 'minItems', 'maxItems']);
  const { schema, pointer } = located;
  const required = readNumber(located, 'minItems') ?? 0;
  const items = [...readEach(schema.prefixItems, `${pointer}/prefixItems`)].map(([item, at], index) => {
    const hasDefault = isJsonObject(item) && item.default !== undefined;
    const text = write(item, at);
    return index < required || hasDefault ? text : `${text}.optional()`;
  });
  const isClosed = schema.items === false;
  const most = readNumber(located, 'maxItems');
  if (required > items.length || (isClosed ? (most ?? items.length) !== items.length : most !== undefined)) {
    throw new InexpressibleSchemaError(
      pointer,
      `a tuple has at most as many required items as it lists, and no limit of its own`,
    );
  }
  const rest = isClosed ? '' : `, ${write(schema.items ?? {}, `${pointer}/items`)}`;
  return `z.tuple([${items.join(', ')}]${rest})`;
}
