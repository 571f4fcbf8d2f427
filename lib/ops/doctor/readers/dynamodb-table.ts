import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type GlobalSecondaryIndexDescription,
  type LocalSecondaryIndexDescription,
  type TableDescription,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb';
import type { Properties, ResourceReader } from './reader.ts';

const ON: readonly (string | undefined)[] = ['ENABLED', 'ENABLING', 'UPDATING'];

/** AWS::DynamoDB::Table */
export const dynamodbTable: ResourceReader = {
  type: 'AWS::DynamoDB::Table',
  defaults: () => ({
    BillingMode: 'PROVISIONED',
    DeletionProtectionEnabled: false,
    GlobalSecondaryIndexes: undefined,
    LocalSecondaryIndexes: undefined,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    SSESpecification: { SSEEnabled: false },
    StreamSpecification: undefined,
    TimeToLiveSpecification: undefined,
  }),
  uncompared: { Tags: 'tags of the stack are compared' },
  read: async ({ dynamodb }, { physicalId: TableName, synthesized }) => {
    const [{ Table = {} }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
      dynamodb.send(new DescribeTableCommand({ TableName })),
      dynamodb.send(new DescribeTimeToLiveCommand({ TableName })),
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })),
    ]);
    const { PointInTimeRecoveryStatus } = ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
    return {
      ...describe(Table, synthesized),
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: PointInTimeRecoveryStatus === 'ENABLED',
      },
      TimeToLiveSpecification: timeToLive(TimeToLiveDescription),
    };
  },
};

function describe(table: TableDescription, synthesized: Properties): Properties {
  const { TableName, KeySchema, AttributeDefinitions, BillingModeSummary, SSEDescription } = table;
  const { StreamSpecification, GlobalSecondaryIndexes, LocalSecondaryIndexes } = table;
  const { SSESpecification = {} }: { SSESpecification?: object } = synthesized;
  // DynamoDB names the key of AWS too, which no template names.
  const KMSMasterKeyId = 'KMSMasterKeyId' in SSESpecification ? SSEDescription?.KMSMasterKeyArn : undefined;
  return {
    TableName,
    KeySchema,
    AttributeDefinitions,
    BillingMode: BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    DeletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes?.map(describeIndex),
    LocalSecondaryIndexes: LocalSecondaryIndexes?.map(describeIndex),
    SSESpecification: { SSEEnabled: ON.includes(SSEDescription?.Status), KMSMasterKeyId },
    StreamSpecification: StreamSpecification && { StreamViewType: StreamSpecification.StreamViewType },
  };
}

function describeIndex({
  IndexName,
  KeySchema,
  Projection,
}: GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription): Properties {
  return { IndexName, KeySchema, Projection };
}

function timeToLive({ TimeToLiveStatus, AttributeName }: TimeToLiveDescription = {}): Properties | undefined {
  return ON.includes(TimeToLiveStatus) ? { AttributeName, Enabled: true } : undefined;
}
