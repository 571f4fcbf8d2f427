import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, run, writeAssembly } from './assembly.ts';

const { resource, bundles } = functionOf(`
  exports.handler = async (event) => {
    if (event.fail) throw new TypeError(event.fail);
    return event.nothing ? undefined : { got: event };
  };
`);
let local: LocalStack;
let lambda: LambdaClient;

beforeAll(async () => {
  local = await run(writeAssembly({ resources: { Orders: resource }, bundles: { ...bundles } }));
  lambda = new LambdaClient({
    region: 'us-east-1',
    endpoint: local.awsEndpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

const invoke = async (payload: object, options: { readonly InvocationType?: 'Event' } = {}) => {
  const input = { FunctionName: idOf(local, 'Orders'), Payload: JSON.stringify(payload), ...options };
  const { StatusCode, FunctionError, Payload } = await lambda.send(new InvokeCommand(input));
  return { status: StatusCode, error: FunctionError, text: Payload?.transformToString() ?? '' };
};

it('a function that is not here is not found', async () => {
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'Nobody' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: expect.stringContaining('function Nobody'),
  });
});

it('an invocation that fails is answered with its error', async () => {
  const { status, error, text } = await invoke({ fail: 'no such order' });
  expect({ status, error }).toEqual({ status: 200, error: 'Unhandled' });
  expect(JSON.parse(text)).toEqual({ errorMessage: expect.stringContaining('no such order') });
});

it('an invocation is answered with the result of the function', async () => {
  const { status, error, text } = await invoke({ orderId: 'o1' });
  expect({ status, error }).toEqual({ status: 200, error: undefined });
  expect(JSON.parse(text)).toEqual({ got: { orderId: 'o1' } });
  expect((await invoke({ nothing: true })).text).toBe('null');
});

it('an asynchronous invocation is answered at once, and runs', async () => {
  const [before] = [...local.functions.values()].map(({ counters }) => counters.invocations);
  const { status } = await invoke({ orderId: 'o2' }, { InvocationType: 'Event' });
  expect(status).toBe(202);
  await eventually('the function has run', () => {
    const [counters] = [...local.functions.values()].map((one) => one.counters);
    return counters?.invocations === (before ?? 0) + 1 && counters.running === 0;
  });
});
