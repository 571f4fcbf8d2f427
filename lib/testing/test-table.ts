import type { InMemoryDynamoDB } from './dynamodb/in-memory-dynamodb.ts';
import { fromNative, type NativeItem, toNative } from './values/native.ts';

/** One of the consumer's own tables, with items as plain JavaScript. */
export interface TestTable {
  /** All items, in the order in which they were first written. */
  items(): readonly NativeItem[];
  /** @param key the key attributes */
  get(key: NativeItem): NativeItem | undefined;
  /** Puts an item in, as if it had been there before. @throws TypeError when DynamoDB cannot keep it */
  put(item: NativeItem): void;
}

/** @throws ResourceNotFoundException when the consumer has no table of this role */
export function createTestTable(dynamodb: InMemoryDynamoDB, role: string): TestTable {
  const table = dynamodb.table(role);
  return {
    items: () => table.items.map(toNative),
    get: (key) => {
      const item = table.get(table.exactKeyOf(fromNative(key)));
      return item && toNative(item);
    },
    put: (item) => {
      const written = fromNative(item);
      table.set(table.keyOf(written), written);
    },
  };
}
