import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { consume } from '../../../../lib/runtime/consume.ts';
import { latestReviews } from './consumer.ts';

export const handler = consume(latestReviews, {
  'reviews.ReviewPublished': ({ data }, ctx) =>
    ctx.commit([set(ctx.tables.reviews, data.reviewId, { title: data.title })]),
  'reviews.ReviewTextReleased': async (event, ctx) => {
    const { reviewId, text } = await event.resolve();
    await ctx.commit([set(ctx.tables.reviews, reviewId, { text })]);
  },
  'reviews.ReviewCorrected': ({ data }, ctx) =>
    ctx.commit([set(ctx.tables.reviews, data.reviewId, { correctedTitle: data.title })]),
  'reviews.ReviewArchived': ({ data }, ctx) =>
    ctx.commit([set(ctx.tables.reviews, data.reviewId, { archived: 'yes' })]),
});

/** Events of a review may come in any order: each sets what it alone knows. */
function set(
  TableName: string,
  reviewId: string,
  change: Readonly<Record<string, string>>,
): TransactWriteItem {
  const fields = Object.entries(change);
  return {
    Update: {
      TableName,
      Key: { reviewId: { S: reviewId } },
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')} ADD changes :one`,
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, { S: value }])),
      },
    },
  };
}
