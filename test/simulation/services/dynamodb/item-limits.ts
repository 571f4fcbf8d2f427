import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './expression.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ITEM_BYTES = 400 * 1024;

/** Why DynamoDB would refuse to keep this item; undefined when it would not. */
export function itemProblem(item: Item): string | undefined {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    const size = valueBytes(value);
    if (size === undefined) return `the value of ${name} is no text that UTF-8 can carry`;
    bytes += name.length + size;
  }
  return bytes > MAX_ITEM_BYTES ? `Item size has exceeded the maximum allowed size: ${bytes}` : undefined;
}

/** Bytes of a value, nearly as DynamoDB counts them; undefined when it holds half of a surrogate pair. */
function valueBytes(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.isWellFormed() ? Buffer.byteLength(value.S) : undefined;
  const parts = value.L ?? (value.M && Object.values(value.M)) ?? [];
  let bytes = value.N?.length ?? 1;
  for (const part of parts) {
    const size = valueBytes(part);
    if (size === undefined) return undefined;
    bytes += size;
  }
  return bytes;
}
