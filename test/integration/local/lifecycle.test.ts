import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, newFolder, run, stop, writeAssembly } from './assembly.ts';

interface Version {
  /** What the function does with a body, before it prints `DONE <body> <name>`. */
  readonly work?: string;
  readonly name?: string;
  readonly mapping?: object;
  readonly more?: Readonly<Record<string, object>>;
}

/** A queue with a function that says what it has done, and an HTTP API to the same function. */
function shop({ work = '', name = 'v1', mapping = {}, more = {} }: Version = {}): string {
  const worker = functionOf(
    `exports.handler = async ({ Records = [] }) => {
      for (const { body } of Records) { ${work}; console.log('DONE', body, '${name}', process.env.COLOR); }
    }`,
    { Timeout: 20, Environment: { Variables: { COLOR: 'red' } } },
  );
  return writeAssembly({
    resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
      Worker: worker.resource,
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
          BatchSize: 1,
          ...mapping,
        },
      },
      ...more,
    },
    bundles: { ...worker.bundles },
  });
}

function listen(): { readonly log: (line: string) => void; done(): string[] } {
  const lines: string[] = [];
  const done = () => lines.flatMap((line) => line.split('DONE ')[1] ?? []);
  return { log: (line) => lines.push(line), done };
}
const send = (local: LocalStack, MessageBody: string) =>
  local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, 'Queue'), MessageBody }));
const slowly = (milliseconds: number) => `await new Promise((r) => setTimeout(r, ${milliseconds}))`;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('stop', () => {
  it('lets what runs finish, and leaves nothing behind', async () => {
    const { log, done } = listen();
    const local = await run(shop({ work: slowly(700) }), { verbose: true, log });
    await send(local, 'a');
    await eventually('it runs', () => local.depthOf(idOf(local, 'Queue')).inFlight === 1);
    await stop(local);
    expect(done()).toEqual(['a v1 red']);
    for (const url of [local.apiUrl, local.awsEndpoint, local.dynamodbEndpoint])
      expect(await answers(url)).toBe(false);
  });

  // Were it waited for, the function's own time-out of 20 seconds would end it, long after this test's.
  it('does not wait for what hangs; its message is there after the restart', async () => {
    const dataDirectory = newFolder();
    const local = await run(shop({ work: 'for (;;)' }), { dataDirectory });
    await send(local, 'a');
    await eventually('it runs', () => local.depthOf(idOf(local, 'Queue')).inFlight === 1);
    await stop(local);
    const again = await run(shop(), { dataDirectory });
    expect(again.depthOf(idOf(again, 'Queue'))).toMatchObject({ visible: 0, inFlight: 1 });
    await stop(again);
  }, 12_000);

  it('leaves a message that comes meanwhile in the queue, visible to the next start', async () => {
    const { log, done } = listen();
    const dataDirectory = newFolder();
    const local = await run(shop({ work: slowly(500) }), { dataDirectory, verbose: true, log });
    await send(local, 'a');
    await eventually('it runs', () => local.depthOf(idOf(local, 'Queue')).inFlight === 1);
    // The first message has woken both pollers; one of them waits again by now.
    await pause(100);
    const stopped = stop(local);
    await pause(100);
    await send(local, 'b');
    await stopped;
    expect(done()).toEqual(['a v1 red']);
    const again = await run(shop(), { dataDirectory, verbose: true, log });
    await eventually('it is done', () => done().includes('b v1 red'));
    await stop(again);
  });
});

describe('reload', () => {
  it('swaps code without losing a message: what runs finishes on the old, what comes then runs on the new', async () => {
    const { log, done } = listen();
    const local = await run(shop({ work: slowly(600) }), { verbose: true, log });
    await send(local, 'a');
    await eventually('it runs', () => local.depthOf(idOf(local, 'Queue')).inFlight === 1);
    expect(await local.reload(shop({ name: 'v2' }))).toEqual(['Shop-Worker']);
    await send(local, 'b');
    await eventually('both are done', () => done().length === 2);
    expect(done()).toEqual(['b v2 red', 'a v1 red']);
    await eventually('both are deleted', () => local.isQuiet());
  });

  it('swaps nothing when nothing has changed', async () => {
    const local = await run(shop());
    expect(await local.reload(shop())).toEqual([]);
  });

  it('creates what is new, and takes over a mapping that has changed', async () => {
    const { log, done } = listen();
    const local = await run(shop({ mapping: { Enabled: false } }), { verbose: true, log });
    await send(local, 'a');
    await local.reload(shop({ more: { Archive: { Type: 'AWS::S3::Bucket' } } }));
    await eventually('the mapping polls', () => done().length === 1);
    expect(idOf(local, 'Archive')).toBe('shop-archive');
  });

  it('that fails leaves what runs as it was', async () => {
    const { log, done } = listen();
    const local = await run(shop(), { verbose: true, log });
    await expect(local.reload(shop({ more: { Db: { Type: 'AWS::RDS::DBInstance' } } }))).rejects.toThrow(
      'AWS::RDS::DBInstance Db of stack Shop has a type that the local runner does not know',
    );
    await send(local, 'a');
    await eventually('it is done', () => done().length === 1);
  });
});

describe('isQuiet', () => {
  it('is false as long as a message waits or runs', async () => {
    const local = await run(shop({ work: slowly(300) }));
    expect(local.isQuiet()).toBe(true);
    await send(local, 'a');
    expect(local.isQuiet()).toBe(false);
    await eventually('it is done', () => local.isQuiet());
  });
});
