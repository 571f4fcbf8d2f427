import { consume } from 'fanfare/runtime';
import { analytics } from './consumers.ts';

export const handler = consume(analytics, {
  'shop.OrderPlaced': async ({ data, time }, ctx) => {
    const day = (time === undefined ? new Date() : new Date(time)).toISOString().slice(0, 10);
    const quantities = Map.groupBy(data.lines, ({ sku }) => sku);
    await ctx.commit(
      [...quantities].map(([sku, lines]) => ({
        Update: {
          TableName: ctx.tables.counts,
          Key: { day: { S: day }, sku: { S: sku } },
          UpdateExpression: 'ADD orders :one, quantity :quantity',
          ExpressionAttributeValues: {
            ':one': { N: '1' },
            ':quantity': { N: String(lines.reduce((sum, { quantity }) => sum + quantity, 0)) },
          },
        },
      })),
    );
  },
});
