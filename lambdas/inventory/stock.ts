import type { DataOf } from 'fanfare/contracts';
import { putItem, type TableName, updateItem } from 'fanfare/runtime';
import type { InventoryReserved } from '../../events/shop.ts';

type Reservation = DataOf<typeof InventoryReserved>;
type Line = Reservation['lines'][number];

/** Adds up lines of the same SKU: a transaction may touch an item only once. */
export function mergeBySku(lines: readonly Line[]): Line[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** The writes that bring a delivery into stock. */
export function addToStock(stock: TableName<'sku'>, lines: readonly Line[]) {
  return lines.map(({ sku, quantity }) =>
    updateItem(
      stock,
      { sku },
      { UpdateExpression: 'ADD available :quantity', ExpressionAttributeValues: { ':quantity': quantity } },
    ),
  );
}

/** The writes that take lines out of stock; each fails when less than its quantity is there. */
export function takeFromStock(stock: TableName<'sku'>, lines: readonly Line[]) {
  return lines.map(({ sku, quantity }) =>
    updateItem(
      stock,
      { sku },
      {
        UpdateExpression: 'SET available = available - :quantity ADD reserved :quantity',
        ConditionExpression: 'available >= :quantity',
        ExpressionAttributeValues: { ':quantity': quantity },
      },
    ),
  );
}

/** The write that keeps a reservation; it fails when the order has one already. */
export function recordReservation(reservations: TableName<'orderId'>, reservation: Reservation) {
  return putItem(reservations, reservation, { ConditionExpression: 'attribute_not_exists(orderId)' });
}
