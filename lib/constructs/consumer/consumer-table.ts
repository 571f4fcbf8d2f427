import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { TableDefinition } from '../../contracts/define-consumer.ts';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';

export interface ConsumerTableProps {
  readonly stage: Stage;
  readonly keys: TableDefinition;
  /** Attribute with the epoch second from which DynamoDB may delete an item. @default - items stay */
  readonly timeToLiveAttribute?: string;
}

/** A table of one consumer: on demand, encrypted, and in prod with deletion protection and point-in-time recovery. */
export class ConsumerTable extends Table {
  constructor(scope: Construct, id: string, { stage, keys, timeToLiveAttribute }: ConsumerTableProps) {
    super(scope, id, {
      partitionKey: { name: keys.partitionKey, type: AttributeType.STRING },
      ...(keys.sortKey !== undefined && { sortKey: { name: keys.sortKey, type: AttributeType.STRING } }),
      ...(timeToLiveAttribute !== undefined && { timeToLiveAttribute }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: stage.pointInTimeRecovery },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removalPolicy,
    });
    acceptRules(this, 'DynamoDBInBackupPlan');
    if (!stage.pointInTimeRecovery) acceptRules(this, 'DDB3', 'DynamoDBPITREnabled');
  }
}
