import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { BUS_PARAMETERS, busParameterOf } from '../../../lib/contracts/bus/bus-parameters.ts';
import { readParameter } from '../../../lib/ops/bus/read-parameter.ts';

/** Answers every request with this, and notes the headers. */
async function serve(status: number, body: string) {
  const seen: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const read = () =>
    readParameter('/fanfare/shop/dev/Bus/v1/topic-arn', {
      region: 'eu-west-1',
      credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'secret' }),
      clock: systemClock,
      environment: { AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}` },
    });
  return { read, seen };
}

it('a parameter is read by a signed request', async () => {
  const { read, seen } = await serve(200, JSON.stringify({ Parameter: { Value: 'arn' } }));
  expect(await read()).toBe('arn');
  expect(seen).toMatchObject([
    {
      'x-amz-target': 'AmazonSSM.GetParameter',
      authorization: expect.stringContaining('/eu-west-1/ssm/aws4_request'),
    },
  ]);
});

it.each([
  [400, '{"__type":"com.amazonaws.ssm#ParameterNotFound"}', 'ParameterNotFound', /topic-arn: 400/],
  [
    400,
    '{"__type":"AccessDeniedException","message":"not you"}',
    'AccessDeniedException',
    /400 AccessDeniedException: not you/,
  ],
  [502, '<html>', 'Error', /502/],
  [200, '<html>', 'Error', /topic-arn: the answer has no value/],
])('an answer %i %s is an error with its name', async (status, body, name, message) => {
  const { read } = await serve(status, body);
  const error = await read().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name, message: expect.stringMatching(message) });
});

it.each(Object.entries(BUS_PARAMETERS))(
  'the parameter %s of a bus is known by its name',
  (parameter, last) => {
    expect(busParameterOf(`/fanfare/shop/dev/Bus/v1/${last}`)).toBe(parameter);
  },
);

it.each([
  '/fanfare/shop/dev/Bus/v0/topic-arn',
  '/other/shop/dev/Bus/v1/topic-arn',
  '/fanfare/shop/dev/Bus/v1/name',
])('%s is no parameter of a bus, or one of another format', (name) =>
  expect(busParameterOf(name)).toBeUndefined(),
);
