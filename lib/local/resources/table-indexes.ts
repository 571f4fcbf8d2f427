import {
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';

/** A secondary index as the template describes it. */
export interface TableIndex {
  readonly IndexName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly Projection?: { readonly ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE' };
}

/** The part of an index's properties that CreateTable takes here. */
export function indexesOf(indexes: readonly TableIndex[] | undefined) {
  return indexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
}

/** Makes the global secondary indexes of a table those of the template. One that has changed is made anew. */
export async function setIndexes(
  dynamodb: DynamoDBClient,
  existing: TableDescription,
  wanted: Pick<CreateTableCommandInput, 'AttributeDefinitions'> & {
    readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  },
): Promise<void> {
  const { TableName, GlobalSecondaryIndexes: are = [] } = existing;
  const { AttributeDefinitions, GlobalSecondaryIndexes: should = [] } = wanted;
  const [known, described] = [new Set(are.map(describe)), new Set(should.map(describe))];
  const gone = are.filter((index) => !described.has(describe(index)));
  const fresh = should.filter((index) => !known.has(describe(index)));
  // DynamoDB makes or deletes one index in a request.
  for (const { IndexName } of gone) {
    const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
    await dynamodb.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
  }
  for (const Create of indexesOf(fresh) ?? []) {
    const GlobalSecondaryIndexUpdates = [{ Create }];
    await dynamodb.send(
      new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }),
    );
  }
}

/** Two indexes are the same when this is. */
function describe({ IndexName, KeySchema = [], Projection }: TableIndex): string {
  const keys = KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);
  return `${IndexName}: ${keys.join(', ')}; ${Projection?.ProjectionType}`;
}
