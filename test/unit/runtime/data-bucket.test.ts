import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { createDataBucket } from '../../../lib/publishing/large-data/data-bucket.ts';

const ALL = { maxBytes: 1_000 };
let server: Server | undefined;
afterEach(() => server?.close());

/** A bucket at an endpoint that answers with each status (or text) in turn, and then with the last; undefined breaks the connection. */
async function bucketAt(...statuses: readonly (number | string | undefined)[]) {
  const requests: string[] = [];
  const pauses: number[] = [];
  server = createServer((request, response) => {
    const status = statuses[Math.min(requests.length, statuses.length - 1)];
    requests.push(`${request.method} ${request.url}`);
    if (status === undefined) request.destroy();
    else if (typeof status === 'string') response.end(status);
    else response.writeHead(status).end(status === 200 ? 'text' : '<Error><Code>Reason</Code></Error>');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const bucket = createDataBucket({
    name: 'data',
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }),
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    clock: {
      now: Date.now,
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
    random: () => 1,
  });
  return { bucket, requests, pauses };
}

it('tries again what may pass, with growing pauses', async () => {
  const { bucket, requests, pauses } = await bucketAt(503, undefined, 200);
  expect(await bucket.get('large/a', ALL)).toBe('text');
  expect(requests).toEqual(Array(3).fill('GET /data/large/a'));
  expect(pauses).toEqual([100, 200]);
});

it.each([[503], [undefined]])('gives up after four tries that end in %s', async (status) => {
  const { bucket, requests } = await bucketAt(status);
  await expect(bucket.put('large/a', 'text')).rejects.toThrow();
  expect(requests).toEqual(Array(4).fill('PUT /data/large/a'));
});

it('says what S3 says, at once, of what will not pass', async () => {
  const { bucket, requests } = await bucketAt(403);
  await expect(bucket.put('large/a', 'text')).rejects.toThrow(
    'S3 answers 403 (Reason) for s3://data/large/a',
  );
  expect(requests).toHaveLength(1);
});

it('asks of what it may not have whether it is there, by its whole key, and takes no answer for that it is', async () => {
  const { bucket, requests } = await bucketAt(403);
  await expect(bucket.get('large/a', ALL)).rejects.toThrow('S3 answers 403 (Reason) for s3://data/large/a');
  expect(requests).toEqual(['GET /data/large/a', 'GET /data/?list-type=2&max-keys=1&prefix=large%2Fa']);
});

it.each([
  [0, undefined],
  [1, /S3 answers 403/],
])('takes what is forbidden for expired when the bucket has %d such keys', async (count, refused) => {
  const { bucket } = await bucketAt(403, count === 0 ? '<KeyCount>0</KeyCount>' : '<KeyCount>1</KeyCount>');
  const got = bucket.get('large/a', ALL);
  if (refused) await expect(got).rejects.toThrow(refused);
  else expect(await got).toBeUndefined();
});

it.each(['large/../a', 'large/a\\..\\b', 'large/%2e%2e/a', 'large/./a'])(
  'asks for nothing at %s, which a URL would take for another key',
  async (key) => {
    const { bucket, requests } = await bucketAt(200);
    await expect(bucket.get(key, ALL)).rejects.toThrow('cannot be a key of this bucket');
    expect(requests).toEqual([]);
  },
);

it('writes bytes as they are, under a key that the signature and the request have in the same letters', async () => {
  const bytes = Uint8Array.from([0x1f, 0x8b, 0xff, 0x00]);
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
  const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' });
  const clock = { now: () => 0, sleep: async () => undefined };
  const bucket = createDataBucket({ name: 'data', region: 'eu-west-1', credentials, clock, random: () => 1 });
  await bucket.put('archive/date=2026-11-27/a', bytes, { storageClass: 'INTELLIGENT_TIERING' });
  const [url, init] = fetch.mock.calls[0] ?? [];
  fetch.mockRestore();
  expect(String(url)).toBe('https://data.s3.eu-west-1.amazonaws.com/archive/date%3D2026-11-27/a');
  expect(init?.body).toBe(bytes);
  const headers = new Headers(init?.headers);
  expect(headers.get('x-amz-content-sha256')).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(headers.get('x-amz-storage-class')).toBe('INTELLIGENT_TIERING');
  expect(headers.get('authorization')).toContain(
    'SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, ',
  );
});

it('reads no more than there may be', async () => {
  const { bucket } = await bucketAt(200);
  expect(await bucket.get('large/a', { maxBytes: 4 })).toBe('text');
  await expect(bucket.get('large/a', { maxBytes: 3 })).rejects.toThrow('more than 3 bytes');
});

it('tells what is not there from what it could not get', async () => {
  const { bucket } = await bucketAt(404);
  expect(await bucket.get('large/a', ALL)).toBeUndefined();
});

it.each([
  ['eu-west-1', 'https://data.s3.eu-west-1.amazonaws.com/large/a'],
  ['cn-north-1', 'https://data.s3.cn-north-1.amazonaws.com.cn/large/a'],
])('without an endpoint, the address in %s is %s', async (region, url) => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('text'));
  const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' });
  const clock = { now: Date.now, sleep: async () => undefined };
  const bucket = createDataBucket({ name: 'data', region, credentials, clock, random: () => 1 });
  expect(await bucket.get('large/a', ALL)).toBe('text');
  expect(String(fetch.mock.calls[0]?.[0])).toBe(url);
  fetch.mockRestore();
});

it('says that there is no code when the answer is none of S3', async () => {
  const { bucket } = await bucketAt('<KeyCount>1</KeyCount>', 418);
  const fetch = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () => new Response('?', { status: 400 }));
  await expect(bucket.put('large/a', 'text')).rejects.toThrow('S3 answers 400 (no code) for');
  fetch.mockRestore();
});

it('ends with the caller', async () => {
  const { bucket, requests, pauses } = await bucketAt(503);
  await expect(
    bucket.get('large/a', { ...ALL, signal: AbortSignal.abort(new Error('too late')) }),
  ).rejects.toThrow('too late');
  expect([requests, pauses]).toEqual([[], []]);
});
