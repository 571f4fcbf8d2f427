import type { DataOf } from 'fanfare/contracts';
import { CommitRejectedError, consume } from 'fanfare/runtime';
import { inventory } from './consumers.ts';
import { InventoryRejected, InventoryReserved, type OrderPlaced } from './events/index.ts';

type Lines = DataOf<typeof OrderPlaced>['lines'];

/** A transaction takes each item once. */
function bySku(lines: Lines): Lines {
  const groups = Map.groupBy(lines, ({ sku }) => sku);
  return [...groups].map(([sku, group]) => ({
    sku,
    quantity: group.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
}

function stockWrites(TableName: string, lines: Lines, update: object) {
  return lines.map(({ sku, quantity }) => ({
    Update: {
      TableName,
      Key: { sku: { S: sku } },
      UpdateExpression: 'ADD available :quantity',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
      ...update,
    },
  }));
}

const TAKE = {
  UpdateExpression: 'SET available = available - :quantity ADD reserved :quantity',
  ConditionExpression: 'available >= :quantity',
};

export const handler = consume(inventory, {
  'shop.StockReceived': ({ data }, ctx) => ctx.commit(stockWrites(ctx.tables.stock, bySku(data.lines), {})),

  'shop.OrderPlaced': async ({ data }, ctx) => {
    const { orderId } = data;
    const lines = bySku(data.lines);
    const reservationId = `reservation-${orderId}`;
    const reservation = {
      TableName: ctx.tables.reservations,
      Item: { orderId: { S: orderId }, reservationId: { S: reservationId } },
      ConditionExpression: 'attribute_not_exists(orderId)',
    };
    try {
      ctx.emit(InventoryReserved, { orderId, reservationId, lines }, { subject: orderId });
      await ctx.commit([...stockWrites(ctx.tables.stock, lines, TAKE), { Put: reservation }]);
    } catch (error) {
      if (!(error instanceof CommitRejectedError)) throw error;
      const missing = lines.filter((_, index) => error.rejects(index)).map(({ sku }) => sku);
      if (missing.length > 0) ctx.emit(InventoryRejected, { orderId, missing }, { subject: orderId });
      await ctx.commit([]);
    }
  },
});
