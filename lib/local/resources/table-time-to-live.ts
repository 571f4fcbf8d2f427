import {
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/** Which attribute says when an item may go. */
export interface TimeToLive {
  readonly AttributeName: string;
  readonly Enabled: boolean;
}

/** Sets what the template says; a template that says nothing turns it off. DynamoDB refuses to set what is set already. */
export async function setTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  wanted: TimeToLive | undefined,
): Promise<void> {
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const enabled = TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  const is = enabled ? TimeToLiveDescription.AttributeName : undefined;
  const should = wanted?.Enabled ? wanted.AttributeName : undefined;
  if (is === should) return;
  const set = (AttributeName: string, Enabled: boolean) =>
    dynamodb.send(
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );
  // Another attribute is taken only after the first is given up.
  if (is !== undefined) await set(is, false);
  if (should !== undefined) await set(should, true);
}
