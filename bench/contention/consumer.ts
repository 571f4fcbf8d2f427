import * as z from 'zod';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import type { Handle } from '../../lib/runtime/handling/handle.ts';

export const Sold = defineEvent({
  type: 'bench.Sold',
  version: 1,
  description: 'Something was sold.',
  data: z.object({ item: z.string() }),
});

export const stock = defineConsumer({
  name: 'stock',
  description: 'Takes what is sold from stock.',
  listensTo: [Sold],
  effects: 'commit',
  tables: { stock: { partitionKey: 'id' } },
});

/** Counts a sale at its item. */
export const countSale: Handle = async (event, ctx) => {
  // The runtime has checked the data against the contract.
  const { item } = event.data as { readonly item: string };
  await ctx.commit([
    {
      Update: {
        TableName: 'stock',
        Key: { id: { S: item } },
        UpdateExpression: 'ADD sold :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    },
  ]);
};
