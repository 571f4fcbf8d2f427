import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { functionOf, idOf, newFolder, run, stop, writeAssembly } from './assembly.ts';

/** Says what it sees, and fails as often as the message says. */
const { resource, bundles } = functionOf(
  `
  exports.handler = async ({ Records }, context) => {
    for (const { body, attributes } of Records) {
      const { name, fails = 0, works = 0 } = JSON.parse(body);
      const now = new Date();
      if (works > 0) await new Promise((resolve) => setTimeout(resolve, works));
      console.log(JSON.stringify({ level: 'WARN', name, at: +now, same: now.constructor === Date && now instanceof Date, left: context.getRemainingTimeInMillis(), text: Date() }));
      if (Number(attributes.ApproximateReceiveCount) <= fails) throw new Error('not yet');
    }
  };
`,
  { Timeout: 30 },
);
const RESOURCES = {
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 300 } },
  Fifo: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, VisibilityTimeout: 300 } },
  Unread: { Type: 'AWS::SQS::Queue' },
  Function: resource,
  ...Object.fromEntries(
    ['Queue', 'Fifo'].map((queue) => [
      `Mapping${queue}`,
      {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
          FunctionName: { Ref: 'Function' },
          BatchSize: 1,
        },
      },
    ]),
  ),
};
const ASSEMBLY = { resources: RESOURCES, bundles: { ...bundles } };

interface Seen {
  readonly name: string;
  readonly at: number;
  readonly same: boolean;
  readonly left: number;
  readonly text: string;
}

let local: LocalStack;
let seen: Seen[] = [];

const log = (line: string): void => {
  if (line.includes('"name"')) seen.push(JSON.parse(line.slice(line.indexOf('{'))));
};
const send = (id: string, body: object, more: object = {}, machine = local) =>
  machine.sqs.send(
    new SendMessageCommand({ QueueUrl: idOf(machine, id), MessageBody: JSON.stringify(body), ...more }),
  );
const names = () => seen.map(({ name }) => name);
/** When a message was seen, in whole seconds after a moment. */
const secondsAfter = (start: number) => seen.map(({ at }) => Math.floor((at - start) / 1000));

beforeAll(async () => {
  local = await run(writeAssembly(ASSEMBLY), { log, verbose: true });
});
beforeEach(() => {
  seen = [];
});

describe('time does not go ahead', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('by %d seconds', async (seconds) => {
    await expect(local.advance(seconds, 5)).rejects.toThrow(RangeError);
  });

  it('over HTTP by no number', async () => {
    const response = await fetch(`${local.awsEndpoint}/_fanfare/clock?seconds=soon`, { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: 'time goes ahead by a positive number of seconds, not by NaN',
    });
  });

  it('while a function works, and the error names it', async () => {
    await send('Queue', { name: 'slow', works: 3_000 });
    await expect(local.advance(10, 0.5)).rejects.toThrow(
      'time cannot go on: after 0.5 seconds these functions are still working: Shop-Function',
    );
    await local.advance(10, 20);
    expect(names()).toEqual(['slow']);
  });
});

describe('when time goes ahead', () => {
  it('delayed messages are delivered in their order, each at its time', async () => {
    const start = local.clock.now();
    await send('Queue', { name: 'late' }, { DelaySeconds: 880 });
    await send('Queue', { name: 'later' }, { DelaySeconds: 881 });
    await send('Queue', { name: 'early' }, { DelaySeconds: 60 });
    await local.advance(879, 10);
    expect(names()).toEqual(['early']);
    await local.advance(10, 10);
    expect(names()).toEqual(['early', 'late', 'later']);
    const [early = 0, late = 0, later = 0] = secondsAfter(start);
    expect([early >= 60 && early < 100, late >= 880 && late < 930, later >= 881 && later < 930]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each(['Queue', 'Fifo'])('messages that a function has failed are delivered again: %s', async (id) => {
    const start = local.clock.now();
    const more = id === 'Fifo' ? { MessageGroupId: 'g', MessageDeduplicationId: String(start) } : {};
    await send(id, { name: 'poor', fails: 2 }, more);
    await local.advance(299, 10);
    expect(names()).toEqual(['poor']);
    await local.advance(302, 10);
    expect(names()).toEqual(['poor', 'poor', 'poor']);
    const [first = 0, second = 0, third = 0] = secondsAfter(start);
    expect([second - first >= 299, third - second >= 299]).toEqual([true, true]);
    const { Attributes } = await local.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: idOf(local, id), AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
  });

  it('functions see the time in every form, and have their real time left', async () => {
    await local.advance(400 * 86_400, 10);
    await send('Queue', { name: 'year' });
    await local.advance(1, 10);
    const [{ at, same, left, text } = { at: 0, same: false, left: 0, text: '' }] = seen;
    expect(Math.abs(at - local.clock.now())).toBeLessThan(60_000);
    expect(at - Date.now()).toBeGreaterThan(399 * 86_400_000);
    expect(same).toBe(true);
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(30_000);
    expect(Math.abs(Date.parse(text) - at)).toBeLessThan(2_000);
  });

  it('the process of the test keeps its time', async () => {
    const [before, real] = [Date.now(), performance.now()];
    await local.advance(86_400, 10);
    expect(Math.abs(Date.now() - before - (performance.now() - real))).toBeLessThan(1_000);
  });

  it('messages of queues that no function polls become visible too', async () => {
    await send('Unread', { name: 'unread' }, { DelaySeconds: 900 });
    await local.advance(901, 10);
    const { Messages } = await local.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: idOf(local, 'Unread'), VisibilityTimeout: 60 }),
    );
    expect(Messages).toHaveLength(1);
  });

  it('it is told over HTTP', async () => {
    const get = async () => {
      const response = await fetch(`${local.awsEndpoint}/_fanfare/clock`);
      return (await response.json()) as { now: string; aheadSeconds: number };
    };
    const before = await get();
    const response = await fetch(`${local.awsEndpoint}/_fanfare/clock?seconds=3600`, { method: 'POST' });
    expect(response.status).toBe(200);
    const after = await get();
    expect(Math.round(after.aheadSeconds - before.aheadSeconds)).toBe(3600);
    expect(Math.abs(Date.parse(after.now) - local.clock.now())).toBeLessThan(10_000);
  });
});

it('after a restart, messages are as far away as they were', async () => {
  const dataDirectory = newFolder();
  const first = await run(writeAssembly(ASSEMBLY), { dataDirectory, log, verbose: true });
  await send('Queue', { name: 'kept' }, { DelaySeconds: 900 }, first);
  await first.advance(890, 10);
  await stop(first);
  const second = await run(writeAssembly(ASSEMBLY), { dataDirectory, log, verbose: true });
  expect(names()).toEqual([]);
  await second.advance(11, 10);
  expect(names()).toEqual(['kept']);
});
