import { rmSync } from 'node:fs';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { MiddlewareStack } from '@smithy/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { readDeployment } from '../../../lib/ops/deployment.ts';
import { readStatus } from '../../../lib/ops/status/status.ts';
import { eventually, post } from '../../apps/client.ts';
import { claimer, committer, neighbour } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { beginFanfare, runFanfare } from './run-fanfare.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: committer, entry: './committer.ts' },
    { definition: claimer, entry: './claimer.ts' },
    { definition: neighbour, entry: './neighbour.ts' },
  ],
});
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const fanfare = (...args: readonly string[]) => runFanfare(local, args);
const status = async () => readStatus(clients, await readDeployment(clients, { app: 'shop', stage: 'dev' }));
const statusOf = async (name: string) =>
  (await status()).consumers.find((one) => one.name === name) ?? expect.fail(`there is no ${name}`);

describe('a healthy bus', () => {
  it('has no trouble, and everything about it is known', async () => {
    const { bus, consumers, problems } = await status();
    expect(problems).toEqual([]);
    expect(bus).toMatchObject({ stackStatus: 'CREATE_COMPLETE', alarms: [], trouble: [], problems: [] });
    expect(consumers.map(({ name }) => name)).toEqual(['claimer', 'committer', 'neighbour']);
    for (const one of consumers) {
      expect(one).toMatchObject({
        waiting: 0,
        inFlight: 0,
        dead: 0,
        undelivered: 0,
        alarms: [],
        trouble: [],
        problems: [],
      });
    }
    expect((await fanfare('status')).code).toBe(0);
  });

  it('tells how many events come and go', async () => {
    const id = 'counted';
    expect((await post(local, { id, type: 'test.FaultRequested.v1', data: { fault: 'none' } })).status).toBe(
      202,
    );
    await eventually('it is done', () => local.isQuiet());
    expect(await statusOf('neighbour')).toMatchObject({ sentPerMinute: 1, deletedPerMinute: 1 });
  });

  it('fits 80 columns', async () => {
    const { stdout } = await fanfare('status');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(
      /^consumer +waiting +in flight +oldest +dead +undel\. +in\/min +out\/min +state$/m,
    );
  });
});

describe('a watch', () => {
  it('looks again and again, in JSON a line each, until Ctrl-C, which is its ordinary end', async () => {
    const watch = beginFanfare(local, ['status', '--watch', '1', '--json']);
    await eventually('it has looked twice', () => watch.output.stdout.split('\n').length > 2);
    watch.interrupt();
    const { code, stdout } = await watch.ended;
    expect(code).toBe(0);
    const looks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const look of looks) expect(look).toMatchObject({ kind: 'status', data: { stage: 'dev' } });
    expect(new Set(looks.map(({ data }) => data.at)).size).toBe(looks.length);
  });

  it('says when it has looked', async () => {
    const watch = beginFanfare(local, ['status', '--watch', '1']);
    await eventually('it has looked', () => watch.output.stdout.includes('neighbour'));
    watch.interrupt();
    expect((await watch.ended).stdout).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}every 1 s until Ctrl-C\n\nconsumer /,
    );
  });

  it('goes on when nothing answers, says so, and shows nothing that it saw before', async () => {
    const stageIs = (stage: string): void => {
      for (const { tags } of local.stacks) Object.assign(tags, { 'fanfare:stage': stage });
    };
    const watch = beginFanfare(local, ['status', '--watch', '1']);
    await eventually('it has looked', () => watch.output.stdout.includes('neighbour'));
    stageIs('none');
    await eventually('it could not look', () => watch.output.stdout.includes('Could not look: '));
    stageIs('dev');
    const before = watch.output.stdout.length;
    await eventually('it has looked again', () => watch.output.stdout.slice(before).includes('neighbour'));
    watch.interrupt();
    expect((await watch.ended).code).toBe(0);
  });

  it.each(['0', 'abc', '-1'])('of %s seconds is a mistake', async (seconds) => {
    expect((await fanfare('status', `--watch=${seconds}`)).code).toBe(2);
  });
});

/** Lets the stack of a consumer say something else in its outputs; undefined takes one away. */
async function withOutput(
  stack: string,
  key: string,
  value: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const { outputs } =
    local.stacks.find(({ name }) => name.endsWith(stack)) ?? expect.fail(`there is no ${stack}`);
  const before = outputs[key];
  Object.assign(outputs, { [key]: value });
  if (value === undefined) Reflect.deleteProperty(outputs, key);
  await work().finally(() => Object.assign(outputs, { [key]: before }));
}

/** A queue that no function empties, with the attributes of a consumer's. */
async function makeQueue(name: string): Promise<string> {
  const { QueueUrl = '' } = await clients.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '60' } }),
  );
  return QueueUrl;
}

const send = (QueueUrl: string): Promise<unknown> =>
  clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
const setVisibility = (QueueUrl: string, VisibilityTimeout: string): Promise<unknown> =>
  clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));

describe('messages that are not done', () => {
  it.each([
    ['waiting', '1 message waiting, 0 in flight', () => undefined],
    [
      'in flight',
      '0 messages waiting, 1 in flight',
      (QueueUrl: string) => clients.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    ],
  ])(
    'are late once they are older than the visibility timeout, when they are %s',
    async (_, counts, take) => {
      const url = await makeQueue(`slow-${counts.length}-${counts.at(0)}`);
      await send(url);
      await take(url);
      await withOutput('Committer', 'QueueUrl', url, async () => {
        expect((await statusOf('committer')).trouble).toEqual([]);
        await setVisibility(url, '1');
        // Nothing done for a while is late too; that it is old as well shows a little later.
        await eventually('it is old', async () =>
          (await statusOf('committer')).trouble.some(({ detail }) => detail.includes('s old, over 1 s')),
        );
        const { stdout, code } = await fanfare('status');
        expect(code).toBe(1);
        expect(stdout).toMatch(/^committer .* late$/m);
        expect(stdout).toContain(`s old, over 1 s (${counts})`);
      });
    },
  );

  it.each(['DeadLetterQueue', 'UndeliveredQueue'])('count as trouble in the %s', async (role) => {
    const url = await makeQueue(role);
    await send(url);
    await withOutput('Committer', `${role}Url`, url, async () => {
      expect((await statusOf('committer')).trouble).toHaveLength(1);
      const { stdout, code } = await fanfare('status');
      expect(code).toBe(1);
      // Trouble first.
      expect(stdout.split('\n')[1]).toMatch(/^committer /);
    });
  });
});

describe('what is not there', () => {
  const gone = {
    QueueUrl: [
      'http://127.0.0.1/000000000000/gone',
      'queue gone',
      ['waiting', 'inFlight', 'lateAfterSeconds'],
    ],
    DeadLetterQueueUrl: ['http://127.0.0.1/000000000000/gone', 'dead-letter queue gone', ['dead']],
    UndeliveredQueueUrl: ['http://127.0.0.1/000000000000/gone', 'undelivered queue gone', ['undelivered']],
    SubscriptionArn: [
      'arn:aws:sns:us-east-1:000000000000:topic:gone',
      'subscription arn:aws:sns',
      ['types', 'filterPolicy'],
    ],
  } as const;

  it.each(Object.entries(gone))(
    'is named when it is the %s, and everything else is reported',
    async (key, [value, named, unknown]) => {
      await withOutput('Committer', key, value, async () => {
        const { problems, trouble, ...read } = await statusOf('committer');
        expect(problems).toMatchObject([{ missing: true, reason: expect.stringContaining(': ') }]);
        expect(trouble).toMatchObject([{ kind: 'missing', detail: expect.stringContaining(named) }]);
        const nothing = Object.entries(read).filter(
          ([field, one]) => one === null && field !== 'oldestAgeSeconds',
        );
        expect(nothing.map(([field]) => field).toSorted()).toEqual(
          expect.arrayContaining([...unknown].toSorted()),
        );
        const { stdout, code } = await fanfare('status');
        expect(code).toBe(1);
        expect(stdout).toMatch(/^committer .* gone$/m);
        expect(stdout).toMatch(/^neighbour +0 +0 .* ok$/m);
        expect(stdout).toContain(named);
      });
    },
  );

  it.each(['Committer', 'Bus'])(
    'is a stack’s output of %s: it is named with the status of the stack',
    async (stack) => {
      const key = stack === 'Bus' ? 'ApiUrl' : 'QueueUrl';
      await withOutput(stack, key, undefined, async () => {
        const { stdout, code } = await fanfare('status');
        expect(code).toBe(3);
        expect(stdout).toMatch(/^neighbour +0 +0 .* ok$/m);
        expect(stdout).toContain(`it is CREATE_COMPLETE and has no output ${key}; deploy it again`);
        const { data } = JSON.parse((await fanfare('status', '--json')).stdout);
        expect(data.consumers).toHaveLength(3);
        const asked = await fanfare(
          stack === 'Bus' ? 'tail' : 'dlq',
          ...(stack === 'Bus' ? [] : ['list', 'committer']),
        );
        expect(asked).toMatchObject({ code: 3, stderr: expect.stringContaining(`has no output ${key}`) });
      });
    },
  );
});

/** For a client: whoever gives this command gets the error, as from AWS. */
function refusing(command: string, makeError: () => Error) {
  return {
    applyToStack<Input extends object, Output extends object>(stack: MiddlewareStack<Input, Output>): void {
      stack.add(
        (next, { commandName }) =>
          (args) => {
            if (commandName === command) throw makeError();
            return next(args);
          },
        { step: 'build' },
      );
    },
  };
}

describe('a trace', () => {
  it.each([[[]], [['--source', '/test']]])(
    'with %j tells what the other tables know when one is gone',
    async (options) => {
      const id = `traced-${options.length}`;
      await post(local, { id, type: 'test.FaultRequested.v1', data: { fault: 'none' } });
      await eventually('it is done', () => local.isQuiet());
      await withOutput('Committer', 'IdempotencyTableName', 'gone', async () => {
        const { code, stdout, stderr } = await fanfare('trace', id, ...options);
        expect(stderr).toContain('idempotency table gone does not exist');
        expect(stdout).toMatch(/neighbour: completed/);
        expect(stdout).not.toMatch(/committer/);
        expect(code).toBe(3);
        const { problems } = JSON.parse((await fanfare('trace', id, '--json', ...options)).stdout);
        expect(problems).toMatchObject([{ resource: 'idempotency table', name: 'gone', missing: true }]);
      });
    },
  );
});

it.each([
  ['tail', '--consumer', 'committer'],
  ['tail', '--consumer', 'committer', '--json'],
])('fanfare %s %s %s ends with the reason when the subscription is gone', async (...args) => {
  await withOutput(
    'Committer',
    'SubscriptionArn',
    'arn:aws:sns:us-east-1:000000000000:topic:gone',
    async () => {
      const { code, stderr } = await fanfare(...args);
      expect(code).toBe(3);
      expect(stderr).toMatch(/what committer takes is not known: subscription arn:\S+:gone does not exist/);
    },
  );
});

it('dlq names the queue that is gone', async () => {
  await withOutput('Committer', 'DeadLetterQueueUrl', 'http://127.0.0.1/000000000000/gone', async () => {
    const { code, stderr } = await fanfare('dlq', 'list', 'committer');
    expect(code).toBe(3);
    expect(stderr).toContain('the dead-letter queue of committer does not exist; deploy its stack');
  });
});

describe('what may not be looked at, or not now', () => {
  const refusals = [
    [
      'sqs',
      'GetQueueAttributesCommand',
      'AccessDenied',
      'is not authorized to perform: sqs:GetQueueAttributes',
    ],
    ['sns', 'GetSubscriptionAttributesCommand', 'AuthorizationError', 'is not authorized to perform'],
    ['cloudWatch', 'DescribeAlarmsCommand', 'ThrottlingException', 'Rate exceeded'],
    [
      'cloudWatch',
      'GetMetricDataCommand',
      'AccessDenied',
      'is not authorized to perform: cloudwatch:GetMetricData',
    ],
  ] as const;

  it.each(refusals)(
    'is named when %s refuses %s, and is no trouble',
    async (service, command, name, message) => {
      const { awsEndpoint, dynamodbEndpoint } = local;
      const refused = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
      refused[service].middlewareStack.use(
        refusing(command, () => Object.assign(new Error(message), { name })),
      );
      const { bus, consumers, problems } = await readStatus(
        refused,
        await readDeployment(refused, { app: 'shop', stage: 'dev' }),
      );
      refused.close();
      const named = [...problems, ...consumers.flatMap((one) => one.problems)];
      expect(named.length).toBeGreaterThan(0);
      const reason = `${name}: ${message} (${command.replace('Command', '')}`;
      for (const problem of named)
        expect(problem).toMatchObject({ missing: false, reason: expect.stringContaining(reason) });
      expect([bus, ...consumers].flatMap(({ trouble }) => trouble)).toEqual([]);
      const {
        name: _,
        problems: __,
        trouble: ___,
        stackStatus: ____,
        ...read
      } = consumers[0] ?? expect.fail('none');
      // Never 0 or an empty list in place of what is not known.
      expect(Object.values(read)).toContain(null);
      if (command === 'DescribeAlarmsCommand') expect([bus.alarms, read.alarms]).toEqual([null, null]);
    },
  );

  it('is outweighed by trouble elsewhere', async () => {
    const url = await makeQueue('dead-elsewhere');
    await send(url);
    await withOutput('Claimer', 'FunctionName', undefined, () =>
      withOutput('Committer', 'DeadLetterQueueUrl', url, async () => {
        const { stdout, code } = await fanfare('status');
        expect(code).toBe(1);
        expect(stdout).toMatch(/^committer .* dead\nclaimer .* \?\nneighbour .* ok$/m);
      }),
    );
  });
});

it('alarms of the bus itself are trouble', async () => {
  const { physicalId } = local.find('Bus', 'Bus/PublishFunction');
  await fetch(`${local.awsEndpoint}/_fanfare/faults/${physicalId}?kind=timeout`, { method: 'PUT' });
  expect(
    (await post(local, { type: 'test.FaultRequested.v1', data: { fault: 'none' } })).status,
  ).toBeGreaterThanOrEqual(500);
  await eventually('the alarm is on', async () => (await status()).bus.trouble.length > 0);
  const { bus, consumers } = await status();
  expect(bus.alarms?.join()).toContain('ServerErrors');
  expect(consumers.flatMap(({ trouble }) => trouble)).toEqual([]);
  const { stdout, code } = await fanfare('status');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ALARM +the bus: alarm shop-dev-Bus-.*ServerErrors.* is on$/m);
}, 60_000);
