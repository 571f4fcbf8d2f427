import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Where a deployment stands in a change's way to production. */
export type StageName = 'dev' | 'prod';

/** What a stage decides. */
export interface Stage {
  readonly name: StageName;
  readonly logRetention: RetentionDays;
  /** CloudFormation refuses to delete the stacks until this is turned off. */
  readonly terminationProtection: boolean;
  /**
   * What becomes of data, queues, keys and logs when their stack is destroyed, or an update replaces them. Queues that are
   * kept serve nobody any more, cost nothing, and lose their messages when their retention ends.
   */
  readonly removalPolicy: RemovalPolicy;
  /**
   * S3 logs who asks the bucket of large data for what. A stack cannot be destroyed while its bucket holds anything, and a bucket of logs
   * always does, so only a stage that is kept has them.
   */
  readonly bucketAccessLogs: boolean;
  /** Tables can be restored to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
  /** Tables cannot be deleted until this is turned off. */
  readonly deletionProtection: boolean;
}

/** `dev` leaves nothing behind when it is destroyed; `prod` keeps whatever could be missed. */
export const STAGES: Readonly<Record<StageName, Stage>> = {
  dev: {
    name: 'dev',
    logRetention: RetentionDays.ONE_WEEK,
    terminationProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
    bucketAccessLogs: false,
    pointInTimeRecovery: false,
    deletionProtection: false,
  },
  prod: {
    name: 'prod',
    logRetention: RetentionDays.THREE_MONTHS,
    terminationProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    bucketAccessLogs: true,
    pointInTimeRecovery: true,
    deletionProtection: true,
  },
};
