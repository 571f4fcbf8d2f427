import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { DataOf } from '../../../lib/contracts/define-event.ts';
import type { ReviewPublished } from './events.ts';

/** A post about a review, counted: once is right. */
export function postOf(
  TableName: string,
  { reviewId, title }: DataOf<typeof ReviewPublished>,
): TransactWriteItem {
  return {
    Update: {
      TableName,
      Key: { reviewId: { S: reviewId } },
      UpdateExpression: 'SET title = :title ADD posts :one',
      ExpressionAttributeValues: { ':title': { S: title }, ':one': { N: '1' } },
    },
  };
}
