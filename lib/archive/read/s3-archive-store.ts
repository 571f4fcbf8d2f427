import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { plainHttpGuard } from '../../aws/plain-http.ts';
import { s3EndpointOf } from '../../aws/service-endpoint.ts';
import type { ArchiveStore } from './archive-store.ts';

/**
 * The archive in a bucket. A listing costs a request for each 1,000 keys; an object is one request.
 *
 * @param client of S3; see {@link createArchiveClient} for one in Lambda
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html for the order of keys, that of their UTF-8 bytes
 */
export function createS3ArchiveStore(client: S3Client, bucket: string): ArchiveStore {
  return {
    async *list(Prefix, StartAfter) {
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix, StartAfter },
      )) {
        for (const { Key, Size = 0 } of Contents) if (Key !== undefined) yield { key: Key, bytes: Size };
      }
    },
    open: async (Key) => {
      const { Body } = await client
        .send(new GetObjectCommand({ Bucket: bucket, Key }))
        .catch(async (error) => {
          throw (await isGone(client, { bucket, key: Key, error })) ? noSuchKey(bucket, Key) : error;
        });
      if (Body instanceof Readable) return Body;
      throw new Error(`s3://${bucket}/${Key} was answered without a stream`);
    },
  };
}

/**
 * Whether S3 has refused an object because it does not exist. A role that may list the archive only, and not the whole bucket, gets 403 for such
 * an object. It may ask for the key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
async function isGone(
  client: S3Client,
  { bucket, key, error }: { readonly bucket: string; readonly key: string; readonly error: unknown },
): Promise<boolean> {
  if (!(error instanceof Error) || error.name !== 'AccessDenied') return false;
  try {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
    );
    return Contents.every(({ Key }) => Key !== key);
  } catch {
    // It may not list either: then the refusal itself is what there is to say.
    return false;
  }
}

function noSuchKey(bucket: string, key: string): NoSuchKey {
  return new NoSuchKey({ message: `s3://${bucket}/${key} does not exist any more`, $metadata: {} });
}

/**
 * Settings of a client that reads an archive. A gzip has a checksum of its own; that of S3 would be calculated by a stream that does not
 * pass on the error of a broken connection.
 */
export const ARCHIVE_CLIENT = { responseChecksumValidation: 'WHEN_REQUIRED' } as const;

/** An answer of S3 begins within so many milliseconds. Without it, the SDK waits without a limit, or only warns. */
const REQUEST_HANDLER = { requestTimeout: 10_000, throwOnRequestTimeout: true };

/** The client of a function that reads the archive. It streams, so it has the SDK's own request handler. */
export function createArchiveClient(environment = process.env): S3Client {
  const client = new S3Client({
    ...ARCHIVE_CLIENT,
    requestHandler: REQUEST_HANDLER,
    // An endpoint of the environment, as on this machine, need not answer at names of buckets.
    forcePathStyle: s3EndpointOf(environment) !== undefined,
  });
  client.middlewareStack.use(plainHttpGuard);
  return client;
}
