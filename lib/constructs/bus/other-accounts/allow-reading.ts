import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { LARGE_DATA_PREFIX } from '../../../contracts/envelope/large-data.ts';
import { TWO_HASHES } from '../../consumer/permissions.ts';
import { type ForeignReaders, readersOf } from './foreign-readers.ts';

export interface LargeDataStore {
  readonly bucket: Bucket;
  /** Encrypts the bucket. @default - the keys of S3 itself */
  readonly key: Key | undefined;
}

/**
 * Lets other accounts read large data, and ask for a whole key, as `consumerStatements` does and explains. Which types a consumer may read is
 * decided by the policy of its own role. The key may be used through S3 only.
 */
export function allowReading({ bucket, key }: LargeDataStore, readers: ForeignReaders): void {
  for (const { principals, conditions } of readersOf(bucket, readers)) {
    const read = new PolicyStatement({
      principals: [...principals],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(`${LARGE_DATA_PREFIX}*`)],
      conditions,
    });
    const find = new PolicyStatement({
      principals: [...principals],
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions,
    });
    find.addCondition('StringLike', { 's3:prefix': `${LARGE_DATA_PREFIX}*/${TWO_HASHES}` });
    bucket.addToResourcePolicy(read);
    bucket.addToResourcePolicy(find);
    if (key === undefined) continue;
    const decrypt = new PolicyStatement({
      principals: [...principals],
      actions: ['kms:Decrypt'],
      // In a key's policy, `*` is the key itself.
      resources: ['*'],
      conditions,
    });
    const { region } = Stack.of(key);
    decrypt.addCondition('StringEquals', { 'kms:ViaService': `s3.${region}.amazonaws.com` });
    key.addToResourcePolicy(decrypt);
  }
}
