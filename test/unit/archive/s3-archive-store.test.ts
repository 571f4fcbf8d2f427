import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { createS3ArchiveStore } from '../../../lib/archive/read/s3-archive-store.ts';

const s3 = mockClient(S3Client);
afterEach(() => s3.reset());

const KEY = 'archive/v1/date=2026-11-27/hour=04/a.ndjson.gz';
const open = () => createS3ArchiveStore(new S3Client({ region: 'eu-west-1' }), 'bucket').open(KEY);
const refusal = new S3ServiceException({
  name: 'AccessDenied',
  message: 'Access Denied',
  $fault: 'client',
  $metadata: {},
});

describe('an object that S3 refuses to a role which may list only a part of the bucket', () => {
  it('does not exist, when its key is not listed', async () => {
    s3.on(GetObjectCommand).rejects(refusal);
    s3.on(ListObjectsV2Command, { Prefix: KEY }).resolves({ Contents: [{ Key: `${KEY}.erasing` }] });
    await expect(open()).rejects.toMatchObject({ name: 'NoSuchKey', message: expect.stringContaining(KEY) });
  });

  it('is forbidden, when its key is listed', async () => {
    s3.on(GetObjectCommand).rejects(refusal);
    s3.on(ListObjectsV2Command, { Prefix: KEY }).resolves({ Contents: [{ Key: KEY }] });
    await expect(open()).rejects.toBe(refusal);
  });

  it('is forbidden, when the role may not list it either', async () => {
    s3.on(GetObjectCommand).rejects(refusal);
    s3.on(ListObjectsV2Command).rejects(refusal);
    await expect(open()).rejects.toBe(refusal);
  });

  it('is not asked for after another error', async () => {
    const error = new Error('no connection');
    s3.on(GetObjectCommand).rejects(error);
    await expect(open()).rejects.toBe(error);
    expect(s3.commandCalls(ListObjectsV2Command)).toEqual([]);
  });
});
