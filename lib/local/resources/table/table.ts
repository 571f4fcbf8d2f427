import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { CreateResource } from '../resource.ts';
import { setPointInTimeRecovery } from './point-in-time-recovery.ts';
import { indexesOf, setIndexes, type TableIndex } from './table-indexes.ts';
import { setTimeToLive, type TimeToLive } from './table-time-to-live.ts';

interface TableProperties {
  readonly TableName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly AttributeDefinitions?: CreateTableCommandInput['AttributeDefinitions'];
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly LocalSecondaryIndexes?: readonly TableIndex[];
  readonly TimeToLiveSpecification?: TimeToLive;
  readonly SSESpecification?: { readonly SSEEnabled?: boolean };
  readonly DeletionProtectionEnabled?: boolean;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
}

/** AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable, always on demand and without streams. */
export const createTable: CreateResource = async ({ name, properties }, { dynamodb, region, account }) => {
  const { TableName = name, TimeToLiveSpecification, ...rest }: TableProperties = properties;
  const existing = await findTable(dynamodb, TableName);
  if (existing === undefined) await dynamodb.send(createCommand(TableName, rest));
  else await changeTable(dynamodb, existing, rest);
  await setTimeToLive(dynamodb, TableName, TimeToLiveSpecification);
  await setPointInTimeRecovery(dynamodb, TableName, rest.PointInTimeRecoverySpecification);
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  return { physicalId: TableName, attributes: { Arn: arn } };
};

function createCommand(TableName: string, properties: TableProperties): CreateTableCommand {
  return new CreateTableCommand({
    TableName,
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    GlobalSecondaryIndexes: indexesOf(properties.GlobalSecondaryIndexes),
    LocalSecondaryIndexes: indexesOf(properties.LocalSecondaryIndexes),
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { Enabled: properties.SSESpecification?.SSEEnabled ?? false },
    DeletionProtectionEnabled: properties.DeletionProtectionEnabled ?? false,
  });
}

async function findTable(dynamodb: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    // At the first start the table does not exist yet. Any other error is thrown.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Updates a table. Keys and local indexes cannot be changed: CloudFormation would create another table, without these items. */
async function changeTable(
  dynamodb: DynamoDBClient,
  existing: TableDescription,
  wanted: TableProperties,
): Promise<void> {
  const [existingKeys, wantedKeys] = [describeKeys(existing), describeKeys(wanted)];
  if (existingKeys !== wantedKeys) {
    throw new Error(
      `the table exists with the keys ${existingKeys}, but the template has ${wantedKeys}; start with another data directory`,
    );
  }
  await setIndexes(dynamodb, existing, wanted);
  const { TableName, DeletionProtectionEnabled: isProtected = false } = existing;
  const { DeletionProtectionEnabled = false } = wanted;
  if (isProtected !== DeletionProtectionEnabled) {
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
  }
}

/** `orderId S HASH, line N RANGE; byDay: orderId S HASH, day S RANGE` */
function describeKeys(table: TableProperties | TableDescription): string {
  const { KeySchema = [], AttributeDefinitions = [], LocalSecondaryIndexes = [] } = table;
  const typeOf = (name: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  const keys = (schema: TableProperties['KeySchema'] = []): string =>
    schema.map((key) => `${key.AttributeName} ${typeOf(key.AttributeName)} ${key.KeyType}`).join(', ');
  const indexes = LocalSecondaryIndexes.map((index) => `${index.IndexName}: ${keys(index.KeySchema)}`);
  return [keys(KeySchema), ...indexes.toSorted()].join('; ');
}
