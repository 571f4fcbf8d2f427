import { type DynamoDBClient, GetItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { fromNative, type NativeItem, toNative } from '../values/native.ts';

/** A consumer's own table on a test bus, with items as plain JavaScript. */
export interface BusTable {
  /** All items, in no order. */
  items(): Promise<readonly NativeItem[]>;
  /** @param key the key attributes */
  get(key: NativeItem): Promise<NativeItem | undefined>;
  put(item: NativeItem): Promise<void>;
}

export function createBusTable(client: DynamoDBClient, TableName: string): BusTable {
  return {
    items: async () => {
      const items: NativeItem[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
        items.push(...Items.map(toNative));
      return items;
    },
    get: async (key) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: fromNative(key), ConsistentRead: true }),
      );
      return Item && toNative(Item);
    },
    put: async (item) => {
      await client.send(new PutItemCommand({ TableName, Item: fromNative(item) }));
    },
  };
}
