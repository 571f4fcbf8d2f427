import { Duration } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';

/**
 * The access log of the bucket of large data: keys, addresses and principals, kept as long as all other logs.
 * S3 delivers entries within hours, and sometimes loses one.
 *
 * It is encrypted with the keys of S3 itself; S3 delivers access logs to no bucket with another key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string, { logRetention, removalPolicy }: Stage) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // The members of RetentionDays are numbers of days.
      lifecycleRules: [{ expiration: Duration.days(logRetention) }],
      removalPolicy,
    });
    acceptRules(this, 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled', 'S3DefaultEncryptionKMS');
  }
}
