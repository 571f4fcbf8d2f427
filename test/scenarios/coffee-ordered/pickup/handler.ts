import { consume } from '../../../../lib/runtime/consume.ts';
import { pickup } from './consumer.ts';

export const handler = consume(pickup, {
  'cafe.CoffeeMade': ({ data: { customer, order } }, ctx) =>
    ctx.commit([
      {
        Update: {
          TableName: ctx.tables.calls,
          Key: { customer: { S: customer } },
          UpdateExpression: 'SET orders = list_append(if_not_exists(orders, :none), :order)',
          ExpressionAttributeValues: { ':none': { L: [] }, ':order': { L: [{ N: String(order) }] } },
        },
      },
    ]),
});
