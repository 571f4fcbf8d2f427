import {
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/** The attribute with the time after which an item is deleted. */
export interface TimeToLive {
  readonly AttributeName: string;
  readonly Enabled: boolean;
}

/** Applies the setting of the template; without one, time to live is turned off. DynamoDB refuses a request that changes nothing. */
export async function setTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  wanted: TimeToLive | undefined,
): Promise<void> {
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const enabled = TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  const existingAttribute = enabled ? TimeToLiveDescription.AttributeName : undefined;
  const wantedAttribute = wanted?.Enabled ? wanted.AttributeName : undefined;
  if (existingAttribute === wantedAttribute) return;
  const set = (AttributeName: string, Enabled: boolean) =>
    dynamodb.send(
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );
  // DynamoDB accepts a new attribute only after the old one is turned off.
  if (existingAttribute !== undefined) await set(existingAttribute, false);
  if (wantedAttribute !== undefined) await set(wantedAttribute, true);
}
