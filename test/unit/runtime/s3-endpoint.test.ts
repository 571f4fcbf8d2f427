import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { s3EndpointOf } from '../../../lib/aws/service-endpoint.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { createBucketOfEnvironment } from '../../../lib/publishing/large-data/bucket-of-environment.ts';

const requests: string[] = [];
let server: Server;
let url: string;

beforeEach(async () => {
  requests.length = 0;
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('DATA_BUCKET', 'data');
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

const NOWHERE = 'http://127.0.0.1:9';

describe('S3 is reached where the environment says, as by the AWS SDK', () => {
  it.each<[string, () => Readonly<Record<string, string>>]>([
    ['at the endpoint of S3', () => ({ AWS_ENDPOINT_URL_S3: url })],
    ['at the endpoint of all services', () => ({ AWS_ENDPOINT_URL: url })],
    ['at that of S3, if there are both', () => ({ AWS_ENDPOINT_URL: NOWHERE, AWS_ENDPOINT_URL_S3: url })],
    ['at that of all, if that of S3 is empty', () => ({ AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_S3: '' })],
    ['at one that ends in a slash', () => ({ AWS_ENDPOINT_URL_S3: `${url}/` })],
  ])('%s', async (_, environment) => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    await createBucketOfEnvironment().put('events/a', 'text');
    expect(requests).toEqual(['PUT /data/events/a']);
  });

  it('but not when configured endpoints are to be ignored', () => {
    const environment = { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_S3: url };
    expect(s3EndpointOf(environment)).toBe(url);
    expect(s3EndpointOf({ ...environment, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).toBeUndefined();
  });

  it('also by a publisher outside of Lambda', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    const Scanned = defineEvent({
      type: 'test.Scanned',
      version: 1,
      description: 'Something large was scanned.',
      data: z.object({ text: z.string() }),
    });
    const publisher = createPublisher({
      topicArn: 'arn:aws:sns:eu-west-1:000000000000:topic',
      dataBucket: 'data',
      source: '/test',
    });
    // The endpoint answers SNS with nothing that SNS would say.
    await publisher.publish(Scanned, { text: 'x'.repeat(300_000) }).catch(() => undefined);
    expect(requests[0]).toMatch(/^PUT \/data\//);
  });
});
