import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { CreateResource } from './resource.ts';

interface TableProperties {
  readonly TableName?: string;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly AttributeDefinitions?: CreateTableCommandInput['AttributeDefinitions'];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

/** AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable: on demand, without secondary indexes and streams. */
export const createTable: CreateResource = async ({ name, properties }, { dynamodb, region, account }) => {
  const {
    TableName = name,
    KeySchema,
    AttributeDefinitions,
    TimeToLiveSpecification,
  }: TableProperties = properties;
  try {
    await dynamodb.send(
      new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
    );
    if (TimeToLiveSpecification) {
      await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    }
  } catch (error) {
    // It is there from the last run; keys cannot change without another logical id.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  return { physicalId: TableName, attributes: { Arn: arn } };
};
