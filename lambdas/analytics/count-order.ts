import type { DataOf } from 'fanfare/contracts';
import { type TableName, updateItem } from 'fanfare/runtime';
import type { OrderPlaced } from '../../events/shop.ts';

type Lines = DataOf<typeof OrderPlaced>['lines'];

/** The writes that count one order: one per SKU, for a transaction may touch an item only once. */
export function countOrder(counts: TableName<'day' | 'sku'>, day: string, lines: Lines) {
  const quantities = Map.groupBy(lines, ({ sku }) => sku);
  return [...quantities].map(([sku, group]) =>
    updateItem(
      counts,
      { day, sku },
      {
        UpdateExpression: 'ADD orders :one, quantity :quantity',
        ExpressionAttributeValues: {
          ':one': 1,
          ':quantity': group.reduce((sum, { quantity }) => sum + quantity, 0),
        },
      },
    ),
  );
}
