import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { stackName } from '../stack-name.ts';
import type { Stage } from '../stage.ts';

/**
 * A key of the account for what is kept longer than a message: logs, and the data of large events. CloudWatch may use it only for the log
 * groups of the stage, and of stages whose name begins with this one and a dash; the permission to read or write the bucket includes the key.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, {
      description: 'Encrypts the logs of Fanfare, and the data of events that is too large for a message.',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });
    const { region } = Stack.of(this);
    const logGroups = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      // CloudFormation begins the name of a log group with that of its stack.
      resourceName: `${stackName(stage, '')}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        // In a key's policy, `*` is the key itself.
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
  }
}
