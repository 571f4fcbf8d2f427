import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { FunctionConfiguration } from '../../../lib/local/functions/function-configuration.ts';
import { LocalFunction } from '../../../lib/local/functions/local-function.ts';
import { eventually } from '../../apps/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-functions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines: string[] = [];
const made: LocalFunction[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((one) => one.stop()));
  lines.length = 0;
});

function configurationOf(
  source: string,
  overrides: Partial<FunctionConfiguration> = {},
): FunctionConfiguration {
  const directory = mkdtempSync(join(folder, 'b-'));
  writeFileSync(join(directory, 'index.cjs'), source);
  return {
    name: 'Orders',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:Orders',
    codeHash: source,
    directory,
    handler: 'index.handler',
    timeoutSeconds: 5,
    memoryMegabytes: 128,
    logGroupName: '/orders',
    environment: { GREETING: 'hello' },
    ...overrides,
  };
}

function functionOf(source: string, overrides: Partial<FunctionConfiguration> = {}): LocalFunction {
  const one = new LocalFunction(configurationOf(source, overrides), {
    line: (_, line) => lines.push(line),
    failed: () => undefined,
  });
  made.push(one);
  return one;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process.
    return false;
  }
}

describe('an invocation fails as it does in Lambda, and the next one starts afresh', () => {
  it.each([
    ['that throws', `throw new Error('no stock')`, 'failed', /no stock/],
    ['that throws a text', `throw 'no stock'`, 'failed', /no stock/],
    ['that ends its process', 'process.exit(3)', 'crashed', /exited with 3/],
    ['that aborts', 'process.abort()', 'crashed', /ended by SIGABRT/],
    ['that is killed', `process.kill(process.pid, 'SIGKILL')`, 'crashed', /ended by SIGKILL/],
    // How V8 ends a process when it finds itself in a wrong state.
    ['that is trapped', `process.kill(process.pid, 'SIGTRAP')`, 'crashed', /ended by SIGTRAP/],
    [
      'that leaves a rejection unhandled',
      `Promise.reject(new Error('lost')); await new Promise(() => {})`,
      'crashed',
      /lost/,
    ],
    [
      'that takes too long',
      'await new Promise((r) => setTimeout(r, 60_000))',
      'timedOut',
      /timed out after 300 ms/,
    ],
    ['that waits for what nothing settles', 'await new Promise(() => {})', 'crashed', /nothing will settle/],
    ['that spins', 'for (;;);', 'timedOut', /timed out after 300 ms/],
    [
      'whose answer is larger than 6 MB',
      `return 'x'.repeat(7_000_000)`,
      'failed',
      /larger than the limit of Lambda/,
    ],
    ['whose answer is no JSON', 'return 1n', 'failed', /BigInt/],
  ])('%s', async (_, body, status, error) => {
    const source = `exports.handler = async (event) => { if (event.fine) return 'fine'; ${body} }`;
    const one = functionOf(source, { timeoutSeconds: 0.3 });
    expect(await one.invoke({})).toMatchObject({ status, error: expect.stringMatching(error) });
    expect(await one.invoke({ fine: true })).toEqual({ status: 'succeeded', value: 'fine' });
    expect(one.counters).toMatchObject({
      invocations: 2,
      errors: 1,
      timeouts: status === 'timedOut' ? 1 : 0,
      running: 0,
    });
  });

  it('that dies takes no other execution environment with it', async () => {
    const source = `exports.handler = async ({ dies }) => {
      await new Promise((r) => setTimeout(r, 200)); if (dies) process.kill(process.pid, 'SIGKILL'); return 'fine' }`;
    const [one, neighbour] = [functionOf(source), functionOf(source)];
    const [dead, ...living] = await Promise.all([
      one.invoke({ dies: true }),
      one.invoke({}),
      neighbour.invoke({}),
    ]);
    expect(dead).toMatchObject({ status: 'crashed' });
    expect(living).toEqual(Array(2).fill({ status: 'succeeded', value: 'fine' }));
  });

  it('that leaves a child of its own behind is ended with it', async () => {
    const one = functionOf(`exports.handler = async () => {
      console.log('CHILD', require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }).pid);
      process.exit(3) }`);
    expect(await one.invoke({})).toMatchObject({ status: 'crashed' });
    const child = Number(lines.find((line) => line.startsWith('CHILD'))?.slice('CHILD '.length));
    await eventually('the child has ended', () => !isRunning(child));
  });

  it('that uses more memory than it has', async () => {
    const source = `exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) }`;
    const one = functionOf(source, { memoryMegabytes: 32, timeoutSeconds: 20 });
    expect(await one.invoke({})).toMatchObject({ status: 'crashed', error: expect.stringMatching(/memory/) });
  });

  it.each([
    ['whose bundle breaks', `throw new Error('broken bundle')`, {}, /broken bundle/],
    ['whose bundle has no such handler', 'exports.other = 1', {}, /exports no function 'handler'/],
    ['whose bundle has no such file', '', { handler: 'main.handler' }, /has no main\.js, \.mjs or \.cjs/],
  ])('%s', async (_, source, overrides, error) => {
    const one = functionOf(source, overrides);
    expect(await one.invoke({})).toMatchObject({ status: 'crashed', error: expect.stringMatching(error) });
  });
});

describe('a function', () => {
  it('gets its event and gives its answer as JSON', async () => {
    const one = functionOf(
      `exports.handler = async (event) => ({ event, at: new Date(0), nothing: undefined })`,
    );
    const value = { event: { orderId: 'a' }, at: '1970-01-01T00:00:00.000Z' };
    expect(await one.invoke({ orderId: 'a', left: undefined })).toEqual({ status: 'succeeded', value });
  });

  it('has its own environment and nothing of the one that runs it', async () => {
    const one = functionOf(`exports.handler = async () => process.env`);
    expect(await one.invoke({})).toEqual({ status: 'succeeded', value: { GREETING: 'hello' } });
  });

  it('works in the folder of its bundle, and may go to another', async () => {
    const one = functionOf(`exports.handler = async () => {
      const before = process.cwd(); process.chdir('/'); return [before, process.cwd()] }`);
    expect(await one.invoke({})).toEqual({
      status: 'succeeded',
      value: [realpathSync(one.configuration.directory), '/'],
    });
    expect(process.cwd()).not.toBe('/');
  });

  it('knows nothing of the process that runs it', async () => {
    const one = functionOf(`exports.handler = async () => [typeof process.send, process.argv.length]`);
    expect(await one.invoke({})).toEqual({ status: 'succeeded', value: ['undefined', 2] });
  });

  it('has the context that Lambda gives', async () => {
    const one = functionOf(`exports.handler = async (_, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis() })`);
    expect(await one.invoke({})).toMatchObject({
      value: {
        awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
        functionName: 'Orders',
        invokedFunctionArn: expect.stringContaining(':function:Orders'),
        memoryLimitInMB: '128',
        logGroupName: '/orders',
        remaining: expect.toSatisfy((ms: number) => ms > 0 && ms <= 5_000),
      },
    });
  });

  it('is loaded once and stays warm', async () => {
    const one = functionOf(`let calls = 0; exports.handler = async () => ++calls`);
    await one.invoke({});
    expect(await one.invoke({})).toMatchObject({ value: 2 });
  });

  it('runs invocations side by side, but only so many; the rest wait for their turn', async () => {
    const one = functionOf(`exports.handler = async () => { await new Promise((r) => setTimeout(r, 100));
      return process.pid }`);
    const all = await Promise.all(Array.from({ length: 12 }, () => one.invoke({})));
    expect(all.every(({ status }) => status === 'succeeded')).toBe(true);
    const processes = new Set(all.map((invocation) => invocation.status === 'succeeded' && invocation.value));
    expect(processes.size).toBe(4);
  });

  it('may be an ES module', async () => {
    const configuration = configurationOf('');
    writeFileSync(join(configuration.directory, 'index.mjs'), `export const handler = async () => 'esm'`);
    const one = functionOf('', { directory: configuration.directory });
    expect(await one.invoke({})).toMatchObject({ value: 'esm' });
  });

  it('has what it prints heard, and its metrics added up', async () => {
    const metrics = '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"sold"}]}]},"sold":2}';
    const one = functionOf(
      `exports.handler = async () => { console.log('out'); console.error('err'); console.log('${metrics}') }`,
    );
    await one.invoke({});
    await one.invoke({});
    await eventually('the lines have come', () => one.counters.metrics.get('sold') === 4);
    expect(lines).toEqual(expect.arrayContaining(['out', 'err']));
  });
});

/** Starts a process that runs a function, lets it do this, and gives the id of the function's own process. */
async function startRunner(handler: string, then: string): Promise<[ChildProcess, number]> {
  const configuration = configurationOf(
    `exports.handler = async () => { console.log(process.pid); ${handler} }`,
  );
  const program = `
    import { LocalFunction } from '${new URL('../../../lib/local/functions/local-function.ts', import.meta.url)}';
    const line = (_, text) => { console.log(text); ${then} };
    const one = new LocalFunction(${JSON.stringify(configuration)}, { line, failed() {} });
    await one.invoke({});`;
  const runner = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [printed] = await once(runner.stdout, 'data');
  return [runner, Number(String(printed))];
}

describe('when the process that runs a function dies, its execution environments end as well', () => {
  it('though it was killed', async () => {
    const [runner, environment] = await startRunner('', '');
    expect(isRunning(environment)).toBe(true);
    runner.kill('SIGKILL');
    await eventually('it has ended', () => !isRunning(environment));
  });

  it('though a handler spins', async () => {
    const [, environment] = await startRunner(
      'for (;;);',
      `setTimeout(() => { throw new Error('broken') }, 100)`,
    );
    await eventually('it has ended', () => !isRunning(environment));
  });
});

describe('a function that is replaced', () => {
  it('finishes what runs on the old code, and runs the new code from then on', async () => {
    const old = configurationOf(
      `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return 'old' }`,
    );
    const one = functionOf('', old);
    const running = one.invoke({});
    expect(await one.replace(configurationOf(`exports.handler = async () => 'new'`))).toBe(true);
    expect(await one.invoke({})).toMatchObject({ value: 'new' });
    expect(await running).toMatchObject({ value: 'old' });
    expect(await one.invoke({})).toMatchObject({ value: 'new' });
  });

  it('is the same when only its folder has changed', async () => {
    const source = `exports.handler = async () => 1`;
    const one = functionOf(source);
    expect(await one.replace(configurationOf(source))).toBe(false);
    expect(await one.replace(configurationOf(source, { environment: { GREETING: 'bye' } }))).toBe(true);
  });
});
