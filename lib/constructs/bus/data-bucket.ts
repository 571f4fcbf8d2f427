import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { ARCHIVE_PREFIX } from '../../archive/object-key.ts';
import {
  FORMER_LARGE_DATA_PREFIX,
  LARGE_DATA_DAYS,
  LARGE_DATA_PREFIX,
} from '../../contracts/envelope/large-data.ts';
import { acceptRules } from '../accepted-rules.ts';
import type { ArchiveSettings } from '../settings/archive-names.ts';
import type { Stage } from '../stage.ts';
import { AccessLogBucket } from './access-log-bucket.ts';

export interface DataBucketProps {
  readonly stage: Stage;
  /** @default - the keys of S3 itself */
  readonly key?: IKey | undefined;
  /** How long archived events stay, and where. @default - nothing is archived */
  readonly archive?: ArchiveSettings | undefined;
}

/**
 * Keeps the data of events that is too large for a message, for a week longer than a message can live in a consumer's
 * queue and dead-letter queue (21 days), and then forgets it. It also keeps the archive, as long as its settings say.
 *
 * It is encrypted with the keys of S3, which cost nothing and need no permission, unless there is a key of the account. Profile prod logs
 * every request.
 */
export class DataBucket extends Bucket {
  constructor(scope: Construct, id: string, { stage, key, archive }: DataBucketProps) {
    super(scope, id, {
      ...(key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      ...(stage.bucketAccessLogs && {
        serverAccessLogsBucket: new AccessLogBucket(scope, `${id}AccessLogs`, stage),
      }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        ...[LARGE_DATA_PREFIX, FORMER_LARGE_DATA_PREFIX].map((prefix) => ({
          prefix,
          expiration: Duration.days(LARGE_DATA_DAYS),
        })),
        ...archiveRules(archive),
      ],
      removalPolicy: stage.removalPolicy,
    });
    acceptRules(this, 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled');
    if (key === undefined) acceptRules(this, 'S3DefaultEncryptionKMS');
    if (!stage.bucketAccessLogs) acceptRules(this, 'S1', 'S3BucketLoggingEnabled');
  }
}

/** What S3 does with archived events in time. Without a setting it does nothing. */
function archiveRules({ days, coldDays }: Partial<ArchiveSettings> = {}): LifecycleRule[] {
  if (days === undefined && coldDays === undefined) return [];
  const storageClass = StorageClass.GLACIER_INSTANT_RETRIEVAL;
  return [
    {
      prefix: ARCHIVE_PREFIX,
      ...(days !== undefined && { expiration: Duration.days(days) }),
      ...(coldDays !== undefined && {
        transitions: [{ storageClass, transitionAfter: Duration.days(coldDays) }],
      }),
    },
  ];
}

/** Says why a role within this scope may reach all objects under these prefixes. cdk-nag names them as the template does. */
export function acknowledgeObjects(
  scope: IConstruct,
  bucket: IBucket,
  prefixes: readonly string[],
  reason = 'Every event has a key of its own under its type, which is not known before.',
): void {
  const arn = plainText(Stack.of(scope).resolve(bucket.bucketArn));
  for (const prefix of prefixes) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}/${prefix}*]`,
      reason,
    });
  }
}

/** A value of a template as cdk-nag writes it: a reference is the name in angle brackets. */
function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  if (name === 'Fn::Join' && Array.isArray(argument)) return argument[1].map(plainText).join('');
  return `<${argument}>`;
}
