import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';

export interface ForgettingLogGroupProps {
  readonly stage: Stage;
  /** @default - as long as the stage keeps logs */
  readonly retention?: RetentionDays | undefined;
  /** @default - the keys of CloudWatch itself */
  readonly key?: IKey | undefined;
}

/** A log group that deletes what is older than it, or its stage, keeps logs. */
export class ForgettingLogGroup extends LogGroup {
  constructor(
    scope: Construct,
    id: string,
    { stage, retention = stage.logRetention, key }: ForgettingLogGroupProps,
  ) {
    super(scope, id, {
      retention,
      removalPolicy: stage.removalPolicy,
      encryptionKey: key,
    });
    if (key === undefined) acceptRules(this, 'CloudWatchLogGroupEncrypted');
  }
}
