import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { CreateResource } from './resource.ts';
import { indexesOf, setIndexes, type TableIndex } from './table-indexes.ts';
import { setTimeToLive, type TimeToLive } from './table-time-to-live.ts';

interface TableProperties {
  readonly TableName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly AttributeDefinitions?: CreateTableCommandInput['AttributeDefinitions'];
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly LocalSecondaryIndexes?: readonly TableIndex[];
  readonly TimeToLiveSpecification?: TimeToLive;
}

/** AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable: on demand, without streams. */
export const createTable: CreateResource = async ({ name, properties }, { dynamodb, region, account }) => {
  const { TableName = name, TimeToLiveSpecification, ...rest }: TableProperties = properties;
  const existing = await findTable(dynamodb, TableName);
  if (existing === undefined) await dynamodb.send(createCommand(TableName, rest));
  else await changeTable(dynamodb, existing, rest);
  await setTimeToLive(dynamodb, TableName, TimeToLiveSpecification);
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
  });
}

async function findTable(dynamodb: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    // That it does not exist yet is the usual answer; everything else is an error.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Keys and local indexes are for ever: CloudFormation would make another table, and this one's items stay in it. */
async function changeTable(
  dynamodb: DynamoDBClient,
  existing: TableDescription,
  wanted: TableProperties,
): Promise<void> {
  const [are, should] = [describeKeys(existing), describeKeys(wanted)];
  if (are !== should) {
    throw new Error(
      `there is one already, with the keys ${are}, and the template says ${should}; start with another data directory`,
    );
  }
  await setIndexes(dynamodb, existing, wanted);
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
