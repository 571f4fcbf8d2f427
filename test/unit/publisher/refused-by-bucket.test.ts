import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';

const Scanned = defineEvent({
  type: 'test.Scanned',
  version: 1,
  description: 'Something large was scanned.',
  data: z.object({ text: z.string() }),
});
let server: Server;

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  vi.stubEnv(
    'AWS_ENDPOINT_URL',
    `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
  );
  vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

it('says what to do when the bucket of a bus refuses a publisher of another account', async () => {
  const publisher = createPublisher({
    topicArn: 'arn:aws:sns:eu-west-1:111111111111:topic',
    dataBucket: 'data',
    source: '/test',
  });
  await expect(publisher.publish(Scanned, { text: 'x'.repeat(300_000) })).rejects.toThrow(
    /S3 answers 403 \(AccessDenied\) for s3:\/\/data\/large\/.*from another account.*createPublisher\(\{ url \}\)/,
  );
});
