import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Since when a consumer writes down what it does: the creation of its idempotency table, in epoch milliseconds. A table that does not say it
 * counts as an old one.
 */
export async function readKnownSince(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  TableName: string,
): Promise<number> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  return Table?.CreationDateTime?.getTime() ?? 0;
}
