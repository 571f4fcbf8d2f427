import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** An object as it was read. */
export interface ReadObject {
  readonly content: Uint8Array;
  /** What S3 calls this content. */
  readonly etag?: string | undefined;
  /** Undefined: S3 Standard. */
  readonly storageClass?: string | undefined;
}

/** What came of writing an object. */
export type Written =
  | 'written'
  /** Somebody else has written it since it was read. */
  | 'changed'
  /** It is written, but the bucket keeps versions, so the one before it is still there. */
  | 'versioned';

/** The objects of a bucket, to be changed in place. */
export interface ObjectStore {
  /**
   * Undefined when the object does not exist.
   *
   * @throws NeedsRestoreError when its storage class does not give it at once
   */
  read(key: string): Promise<ReadObject | undefined>;
  /** Replaces an object if it is still what was read, in the same storage class. A reader gets the old one or the new one, and never a part. */
  replace(key: string, content: Uint8Array, before: ReadObject): Promise<Written>;
  exists(key: string): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** Thrown when an object has to be restored before it can be read. */
export class NeedsRestoreError extends Error {
  override readonly name = 'NeedsRestoreError';
}

const CHANGED = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];
const GONE = ['NoSuchKey', 'NotFound'];

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html for `If-Match`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel for what readers see
 */
export function createObjectStore(s3: S3Client, Bucket: string): ObjectStore {
  return {
    read: async (Key) => {
      try {
        const { Body, ETag, StorageClass } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        if (!Body) throw new Error(`s3://${Bucket}/${Key} was answered without content`);
        return { content: await Body.transformToByteArray(), etag: ETag, storageClass: StorageClass };
      } catch (error) {
        // It has expired since it was listed.
        if (isOneOf(error, GONE)) return undefined;
        if (isOneOf(error, ['InvalidObjectState']))
          throw new NeedsRestoreError('its storage class does not give it at once: restore it first', {
            cause: error,
          });
        throw error;
      }
    },
    replace: async (Key, Body, { etag: IfMatch, storageClass }) => {
      try {
        const { VersionId } = await s3.send(
          new PutObjectCommand({ Bucket, Key, Body, IfMatch, StorageClass: classOf(storageClass) }),
        );
        return VersionId === undefined || VersionId === 'null' ? 'written' : 'versioned';
      } catch (error) {
        // The caller reads it again.
        if (isOneOf(error, CHANGED)) return 'changed';
        throw error;
      }
    },
    exists: async (Key) => {
      try {
        await s3.send(new HeadObjectCommand({ Bucket, Key }));
        return true;
      } catch (error) {
        if (isOneOf(error, GONE)) return false;
        throw error;
      }
    },
    delete: async (Key) => {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

type StorageClass = PutObjectCommand['input']['StorageClass'];

/** S3 takes the classes that it names; the type of the SDK lists those of its release. */
function classOf(storageClass: string | undefined): StorageClass {
  return storageClass as StorageClass;
}

function isOneOf(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
