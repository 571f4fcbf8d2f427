import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';

/** Counts an effect of an event: once is right, twice is a duplicate that got through. */
export function countEffect(table: string, id: string): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: { id: { S: id } },
      UpdateExpression: 'ADD effects :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
}
