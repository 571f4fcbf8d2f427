import {
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';

/** A secondary index, with the properties of the template. */
export interface TableIndex {
  readonly IndexName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly Projection?: { readonly ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE' };
}

/** The part of an index's properties that CreateTable takes here. */
export function indexesOf(indexes: readonly TableIndex[] | undefined) {
  return indexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
}

/** Gives a table the global secondary indexes of the template. An index that has changed is deleted and created again. */
export async function setIndexes(
  dynamodb: DynamoDBClient,
  existing: TableDescription,
  wanted: Pick<CreateTableCommandInput, 'AttributeDefinitions'> & {
    readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  },
): Promise<void> {
  const { TableName, GlobalSecondaryIndexes: existingIndexes = [] } = existing;
  const { AttributeDefinitions, GlobalSecondaryIndexes: wantedIndexes = [] } = wanted;
  const existingKeys = new Set(existingIndexes.map(describe));
  const wantedKeys = new Set(wantedIndexes.map(describe));
  const removed = existingIndexes.filter((index) => !wantedKeys.has(describe(index)));
  const added = wantedIndexes.filter((index) => !existingKeys.has(describe(index)));
  // DynamoDB creates or deletes one index per request.
  for (const { IndexName } of removed) {
    const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
    await dynamodb.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
  }
  for (const Create of indexesOf(added) ?? []) {
    const GlobalSecondaryIndexUpdates = [{ Create }];
    await dynamodb.send(
      new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }),
    );
  }
}

/** Identifies an index: two indexes are equal when their descriptions are equal. */
function describe({ IndexName, KeySchema = [], Projection }: TableIndex): string {
  const keys = KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);
  return `${IndexName}: ${keys.join(', ')}; ${Projection?.ProjectionType}`;
}
