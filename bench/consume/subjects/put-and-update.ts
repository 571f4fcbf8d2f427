import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { eachRecord } from './each-record.ts';
import { work } from './work.ts';

const client = new DynamoDBClient({});
const TableName = process.env.IDEMPOTENCY_TABLE;

/** What one writes by hand: a conditional PutItem before the work and an UpdateItem after it. */
export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return eachRecord(event, async ({ id, data }) => {
    const expiresAt = { N: String(Math.floor(Date.now() / 1000) + 3600) };
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { id: { S: id }, status: { S: 'INPROGRESS' }, expiresAt },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    } catch (error) {
      // A duplicate is what the condition is for.
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return;
      throw error;
    }
    work(data);
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #status = :completed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':completed': { S: 'COMPLETED' } },
      }),
    );
  });
}
