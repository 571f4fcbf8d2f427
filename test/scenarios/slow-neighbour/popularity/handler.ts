import { consume } from '../../../../lib/runtime/consume.ts';
import type { HandlerContext } from '../../../../lib/runtime/handling/handler-context.ts';
import { popularity } from './consumer.ts';

export const handler = consume(popularity, {
  'market.ListingViewed': ({ data }, ctx) => count(data.listingId, ctx),
  'market.ListingSold': ({ data }, ctx) => count(data.listingId, ctx),
});

function count(listingId: string, ctx: HandlerContext<typeof popularity>): Promise<void> {
  return ctx.commit([
    {
      Update: {
        TableName: ctx.tables.counts,
        Key: { listingId: { S: listingId } },
        UpdateExpression: 'ADD events :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    },
  ]);
}
