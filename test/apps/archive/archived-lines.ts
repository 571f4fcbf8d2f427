import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ArchivedEvent } from '../../../lib/archive/archived-event.ts';
import { ARCHIVE_PREFIX } from '../../../lib/archive/object-key.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';

/** An object of an archive, opened. */
export interface OpenedObject {
  readonly key: string;
  readonly lines: readonly ArchivedEvent[];
}

/** The bucket of the bus, and a client for it. */
export function bucketOf(local: LocalStack): { readonly s3: S3Client; readonly Bucket: string } {
  const s3 = new S3Client({
    endpoint: local.awsEndpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { s3, Bucket: local.find('shop-dev-Bus', 'Data').physicalId };
}

/** Opens every object of the archive of a bus that runs here, in the order of their keys. */
export async function openArchive(local: LocalStack): Promise<readonly OpenedObject[]> {
  const { s3, Bucket } = bucketOf(local);
  try {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: ARCHIVE_PREFIX }));
    return await Promise.all(
      Contents.map(async ({ Key = '' }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
        return {
          key: Key,
          lines: text
            .trimEnd()
            .split('\n')
            .map((line): ArchivedEvent => JSON.parse(line)),
        };
      }),
    );
  } finally {
    s3.destroy();
  }
}
