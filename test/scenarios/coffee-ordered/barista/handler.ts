import { setTimeout as sleep } from 'node:timers/promises';
import { consume } from '../../../../lib/runtime/consume.ts';
import { CoffeeMade } from '../events.ts';
import { barista } from './consumer.ts';

/** Slower than the cashier by far. */
const BREWING_MS = 40;

export const handler = consume(barista, {
  'cafe.OrderPaid': async ({ data }, ctx) => {
    await sleep(BREWING_MS, undefined, { signal: ctx.signal });
    ctx.emit(CoffeeMade, data);
    await ctx.commit([
      {
        Update: {
          TableName: ctx.tables.coffees,
          Key: { cup: { S: `${data.customer}-${data.order}` } },
          UpdateExpression: 'ADD made :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    ]);
  },
});
