import { type DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';

/** Keeps the setting of the template. Nothing is backed up on this machine. */
export async function setPointInTimeRecovery(
  dynamodb: DynamoDBClient,
  TableName: string,
  { PointInTimeRecoveryEnabled = false }: { readonly PointInTimeRecoveryEnabled?: boolean } = {},
): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled };
  try {
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  } catch (error) {
    // The DynamoDB of `DYNAMODB_ENDPOINT` may not have this operation. Tables work without it.
    if (!(error instanceof Error && error.name === 'UnknownOperationException')) throw error;
  }
}
