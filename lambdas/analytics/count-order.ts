import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { OrderPlaced } from '../../events/shop.ts';
import type { DataOf } from '../../lib/contracts/define-event.ts';

type Lines = DataOf<typeof OrderPlaced>['lines'];

/** The writes that count one order: one per SKU, for a transaction may touch an item only once. */
export function countOrder(table: string, day: string, lines: Lines): TransactWriteItem[] {
  const quantities = Map.groupBy(lines, ({ sku }) => sku);
  return [...quantities].map(([sku, group]) => ({
    Update: {
      TableName: table,
      Key: { day: { S: day }, sku: { S: sku } },
      UpdateExpression: 'ADD orders :one, quantity :quantity',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':quantity': { N: String(group.reduce((sum, { quantity }) => sum + quantity, 0)) },
      },
    },
  }));
}
