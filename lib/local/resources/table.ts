import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { CreateResource } from './resource.ts';

interface TableIndex {
  readonly IndexName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly Projection?: { readonly ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE' };
}

interface TableProperties {
  readonly TableName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly AttributeDefinitions?: CreateTableCommandInput['AttributeDefinitions'];
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly LocalSecondaryIndexes?: readonly TableIndex[];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

/** AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable: on demand, without streams. */
export const createTable: CreateResource = async ({ name, properties }, { dynamodb, region, account }) => {
  const { TableName = name, TimeToLiveSpecification, ...rest }: TableProperties = properties;
  const keys = await keysOf(dynamodb, TableName);
  if (keys === undefined) await dynamodb.send(createCommand(TableName, rest));
  else if (keys !== describeKeys(rest.KeySchema))
    throw new Error(`the data directory has it with the keys ${keys}; start with another data directory`);
  await setTimeToLive(dynamodb, TableName, TimeToLiveSpecification);
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  return { physicalId: TableName, attributes: { Arn: arn } };
};

function createCommand(TableName: string, properties: TableProperties): CreateTableCommand {
  const indexes = (all: readonly TableIndex[] | undefined) =>
    all?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  return new CreateTableCommand({
    TableName,
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    GlobalSecondaryIndexes: indexes(properties.GlobalSecondaryIndexes),
    LocalSecondaryIndexes: indexes(properties.LocalSecondaryIndexes),
    BillingMode: 'PAY_PER_REQUEST',
  });
}

async function keysOf(dynamodb: DynamoDBClient, TableName: string): Promise<string | undefined> {
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    return describeKeys(Table?.KeySchema);
  } catch (error) {
    // That it does not exist yet is the usual answer; everything else is an error.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** `orderId HASH, line RANGE` */
function describeKeys(schema: TableProperties['KeySchema'] = []): string {
  return schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
}

/** DynamoDB refuses to set what is set already. */
async function setTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  wanted: TableProperties['TimeToLiveSpecification'],
): Promise<void> {
  if (!wanted) return;
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  const enabled = TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  if (enabled === wanted.Enabled) return;
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: wanted }));
}
