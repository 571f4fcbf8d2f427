import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createDataBucket } from '../../../lib/runtime/data-bucket.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A bucket at an endpoint that answers with each status in turn, and then with the last; undefined breaks the connection. */
async function bucketAt(...statuses: readonly (number | undefined)[]) {
  const requests: string[] = [];
  const pauses: number[] = [];
  server = createServer((request, response) => {
    const status = statuses[Math.min(requests.length, statuses.length - 1)];
    requests.push(`${request.method} ${request.url}`);
    if (status === undefined) request.destroy();
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
  expect(await bucket.get('events/a')).toBe('text');
  expect(requests).toEqual(Array(3).fill('GET /data/events/a'));
  expect(pauses).toEqual([100, 200]);
});

it.each([[503], [undefined]])('gives up after four tries that end in %s', async (status) => {
  const { bucket, requests } = await bucketAt(status);
  await expect(bucket.put('events/a', 'text')).rejects.toThrow();
  expect(requests).toEqual(Array(4).fill('PUT /data/events/a'));
});

it('says what S3 says, at once, of what will not pass', async () => {
  const { bucket, requests } = await bucketAt(403);
  await expect(bucket.get('events/a')).rejects.toThrow('S3 answers 403 (Reason) for s3://data/events/a');
  expect(requests).toHaveLength(1);
});

it('tells what is not there from what it could not get', async () => {
  const { bucket } = await bucketAt(404);
  expect(await bucket.get('events/a')).toBeUndefined();
});

it('ends with the caller', async () => {
  const { bucket, requests } = await bucketAt(503);
  await expect(bucket.get('events/a', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  expect(requests).toEqual([]);
});
