import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';

/** Counts an effect for a question: once is right, twice is a duplicate that got through. */
export function count(TableName: string, question: number): TransactWriteItem {
  return {
    Update: {
      TableName,
      Key: { question: { S: String(question) } },
      UpdateExpression: 'ADD effects :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
}
