import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { createCallAws } from '../../../lib/receipts/call-aws.ts';

it('asks a service that is silent no longer than until the signal fires, and not again', async () => {
  let requests = 0;
  const time = new AbortController();
  const server = createServer(() => {
    requests += 1;
    time.abort(new Error('no time'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const call = createCallAws({
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: undefined }),
    environment: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
    clock: systemClock,
    random: Math.random,
  });
  const operation = { service: 'dynamodb', variable: 'DYNAMODB', target: 'DynamoDB_20120810.GetItem' };
  await expect(call(operation, {}, time.signal)).rejects.toThrow('no time');
  expect(requests).toBe(1);
  server.closeAllConnections();
  server.close();
});
