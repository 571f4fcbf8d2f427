import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { InventoryReserved } from '../../events/shop.ts';
import type { DataOf } from '../../lib/contracts/define-event.ts';

type Reservation = DataOf<typeof InventoryReserved>;
type Line = Reservation['lines'][number];

/** Adds up lines of the same SKU: a transaction may touch an item only once. */
export function mergeBySku(lines: readonly Line[]): Line[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** The writes that bring a delivery into stock. */
export function addToStock(table: string, lines: readonly Line[]): TransactWriteItem[] {
  return lines.map(({ sku, quantity }) => ({
    Update: {
      TableName: table,
      Key: { sku: { S: sku } },
      UpdateExpression: 'ADD available :quantity',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
    },
  }));
}

/** The writes that take lines out of stock; each fails when less than its quantity is there. */
export function takeFromStock(table: string, lines: readonly Line[]): TransactWriteItem[] {
  return lines.map(({ sku, quantity }) => ({
    Update: {
      TableName: table,
      Key: { sku: { S: sku } },
      UpdateExpression: 'SET available = available - :quantity ADD reserved :quantity',
      ConditionExpression: 'available >= :quantity',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
    },
  }));
}

/** The write that keeps a reservation; it fails when the order has one already. */
export function recordReservation(
  table: string,
  { orderId, reservationId, lines }: Reservation,
): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: {
        orderId: { S: orderId },
        reservationId: { S: reservationId },
        lines: {
          L: lines.map(({ sku, quantity }) => ({
            M: { sku: { S: sku }, quantity: { N: String(quantity) } },
          })),
        },
      },
      ConditionExpression: 'attribute_not_exists(orderId)',
    },
  };
}
