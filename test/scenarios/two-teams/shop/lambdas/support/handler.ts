import { consume } from 'fanfare/runtime';
import { support } from './consumer.ts';

export const handler = consume(support, {
  'fraud.OrderFlagged': async ({ data, source }, ctx) => {
    const Item = { orderId: { S: data.orderId }, reason: { S: data.reason }, from: { S: source } };
    await ctx.commit([{ Put: { TableName: ctx.tables.cases, Item } }]);
  },
});
