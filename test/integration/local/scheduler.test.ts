import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { DeleteMessageCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { readSettings } from '../../../lib/local/scheduler/read-settings.ts';
import { ScheduleStore } from '../../../lib/local/scheduler/schedule-store.ts';
import { sendToDeadLetterQueue } from '../../../lib/local/scheduler/targets.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, newFolder, run, stop, writeAssembly } from './assembly.ts';
import { AGAIN, twiceBy } from './exists-already.ts';

const ROLE = 'arn:aws:iam::000000000000:role/schedules';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Shop-Queue';
const { resource, bundles } = functionOf(`
  exports.handler = async (event) => console.log(JSON.stringify({ level: 'WARN', got: event, at: Date.now() }));
`);
const SHOP = {
  resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Dead: { Type: 'AWS::SQS::Queue' },
    Gone: { Type: 'AWS::SQS::Queue' },
    Function: resource,
  },
  bundles: { ...bundles },
};

let local: LocalStack;
let scheduler: SchedulerClient;
const lines: string[] = [];
let count = 0;

const clientOf = ({ awsEndpoint: endpoint }: LocalStack) =>
  new SchedulerClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
/** A text as `at(...)` takes it, so many seconds from the time of the machine. */
const atIn = (seconds: number, machine = local) =>
  `at(${new Date(machine.clock.now() + seconds * 1000).toISOString().slice(0, 19)})`;
const EVERY_DAY = { ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' } } as const;
const newName = () => `schedule-${count++}`;
type Asked = Partial<CreateScheduleCommandInput>;
const inputOf = (asked: Asked = {}): CreateScheduleCommandInput => ({
  Name: newName(),
  ScheduleExpression: 'at(2100-01-01T00:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ...asked,
  Target: { Arn: QUEUE, RoleArn: ROLE, Input: 'now', ...asked.Target },
});
const create = (asked: Asked = {}) => scheduler.send(new CreateScheduleCommand(inputOf(asked)));
/** Takes all messages out of a queue. */
const receive = async (id: string, machine = local) => {
  const QueueUrl = idOf(machine, id);
  const { Messages = [] } = await machine.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  for (const { ReceiptHandle } of Messages)
    await machine.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages;
};
const bodies = async (id: string, machine = local) => (await receive(id, machine)).map(({ Body }) => Body);

beforeAll(async () => {
  local = await run(writeAssembly(SHOP), { log: (line) => lines.push(line), verbose: true });
  scheduler = clientOf(local);
});

describe('what EventBridge Scheduler refuses is refused here', () => {
  it.each<[string, Asked]>([
    ['a name with a slash', { Name: 'a b' }],
    ['a name of 65 characters', { Name: 'a'.repeat(65) }],
    ['an expression of no kind', { ScheduleExpression: 'every(1 day)' }],
    ['a date that is none', { ScheduleExpression: 'at(2100-01-01)' }],
    ['a rate of zero', { ScheduleExpression: 'rate(0 minutes)' }],
    ['a rate of seconds', { ScheduleExpression: 'rate(10 seconds)' }],
    ['a cron of five fields', { ScheduleExpression: 'cron(0 10 * * ?)' }],
    ['a cron with both days', { ScheduleExpression: 'cron(0 10 1 * MON *)' }],
    ['a cron with an hour of 24', { ScheduleExpression: 'cron(0 24 * * ? *)' }],
    ['a time zone that does not exist', { ScheduleExpressionTimezone: 'Europe/Nowhere' }],
    [
      'an hour that clocks skip',
      {
        ScheduleExpression: 'at(2027-03-28T02:30:00)',
        ScheduleExpressionTimezone: 'Europe/Vienna',
      },
    ],
    ['a flexible window without minutes', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
    ['a window of 1,441 minutes', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } }],
    ['minutes of a window that is off', { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } }],
    ['an input above 256 KiB', { Target: { Arn: QUEUE, RoleArn: ROLE, Input: 'x'.repeat(262_145) } }],
    ['186 retries', { Target: { Arn: QUEUE, RoleArn: ROLE, RetryPolicy: { MaximumRetryAttempts: 186 } } }],
    [
      'an event age of 59 seconds',
      {
        Target: { Arn: QUEUE, RoleArn: ROLE, RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      },
    ],
    [
      'a FIFO dead-letter queue',
      { Target: { Arn: QUEUE, RoleArn: ROLE, DeadLetterConfig: { Arn: `${QUEUE}.fifo` } } },
    ],
    ['a FIFO queue without a group', { Target: { Arn: `${QUEUE}.fifo`, RoleArn: ROLE } }],
    [
      'a target that this machine has not',
      { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sns:publish', RoleArn: ROLE } },
    ],
    ['a role that is no ARN', { Target: { Arn: QUEUE, RoleArn: 'role' } }],
    ['a queue as a role', { Target: { Arn: QUEUE, RoleArn: QUEUE } }],
    ['an empty input', { Target: { Arn: QUEUE, RoleArn: ROLE, Input: '' } }],
    ['an offset for a time zone', { ScheduleExpressionTimezone: '+02:00' }],
    ['a description of 513 characters', { Description: 'x'.repeat(513) }],
    ['a client token of 65 characters', { ClientToken: 'x'.repeat(65) }],
    ['a client token with a dot', { ClientToken: 'a.b' }],
    [
      'a group with a space',
      { Target: { Arn: `${QUEUE}.fifo`, RoleArn: ROLE, SqsParameters: { MessageGroupId: 'a b' } } },
    ],
    ['a start that is long over', { ScheduleExpression: 'rate(1 day)', StartDate: new Date('2020-01-01') }],
    [
      'an end before the start',
      {
        ScheduleExpression: 'rate(1 day)',
        StartDate: new Date('2100-01-02'),
        EndDate: new Date('2100-01-01'),
      },
    ],
  ])('%s', async (_, asked) => {
    await expect(create(asked)).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each([
    [{ StartDate: 'abc' }, 'SerializationException', 'StartDate of the request is no number'],
    [{ EndDate: 'abc' }, 'SerializationException', 'EndDate of the request is no number'],
    [
      { EndDate: 1e15 },
      'ValidationException',
      'EndDate is 1000000000000000; it must be a time in seconds since 1970',
    ],
  ])('a date that no SDK would send: %j', async (dates, code, message) => {
    const answer = await fetch(`${local.awsEndpoint}/schedules/${newName()}`, {
      method: 'POST',
      body: JSON.stringify({ ...inputOf({ ScheduleExpression: 'rate(1 day)' }), ...dates }),
    });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, code]);
    expect(Object.values((await answer.json()) as object)).toContain(message);
  });

  it('a schedule in a group that does not exist', async () => {
    await expect(create({ GroupName: 'nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule group nobody does not exist.',
    });
  });

  it('a second schedule of the same name, unless the same request comes again', async () => {
    const Name = newName();
    const first = await create({ Name, ClientToken: 'one' });
    await expect(create({ Name, ClientToken: 'two' })).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
    expect((await create({ Name, ClientToken: 'one' })).ScheduleArn).toBe(first.ScheduleArn);
  });

  it.each([
    ['read', () => new GetScheduleCommand({ Name: 'nobody' })],
    ['deleted', () => new DeleteScheduleCommand({ Name: 'nobody' })],
    ['changed', () => new UpdateScheduleCommand(inputOf({ Name: 'nobody' }))],
    ['listed as a group', () => new ListSchedulesCommand({ GroupName: 'nobody' })],
    ['deleted as a group', () => new DeleteScheduleGroupCommand({ Name: 'nobody' })],
  ] as const)('what does not exist is not %s', async (_, command) => {
    await expect(send(command())).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

/** The overloads of the client take one command each. */
const send = (command: unknown) => scheduler.send(command as GetScheduleCommand);

describe('schedules', () => {
  it('are read as they were made, with their defaults', async () => {
    const Name = newName();
    const { ScheduleArn } = await create({
      Name,
      StartDate: new Date('2100-01-01T00:00:00Z'),
      Description: 'why',
    });
    expect(await scheduler.send(new GetScheduleCommand({ Name }))).toMatchObject({
      Arn: ScheduleArn,
      Name,
      GroupName: 'default',
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
      StartDate: new Date('2100-01-01T00:00:00Z'),
      Description: 'why',
      CreationDate: expect.any(Date),
      Target: { Arn: QUEUE, RoleArn: ROLE, Input: 'now' },
    });
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:000000000000:schedule/default/${Name}`);
  });

  it('are changed as a whole', async () => {
    const Name = newName();
    await create({ Name, Description: 'why' });
    await scheduler.send(new UpdateScheduleCommand({ ...inputOf({ Name }), State: 'DISABLED' }));
    const { Description, State } = await scheduler.send(new GetScheduleCommand({ Name }));
    expect({ Description, State }).toEqual({ Description: undefined, State: 'DISABLED' });
  });

  it('are listed by group, prefix and state, page by page, and go with their group', async () => {
    await scheduler.send(new CreateScheduleGroupCommand({ Name: 'orders' }));
    for (const Name of ['b-2', 'a-1', 'a-3', 'a-2'])
      await create({ Name, GroupName: 'orders', State: Name === 'a-2' ? 'DISABLED' : 'ENABLED' });
    const names: (string | undefined)[][] = [];
    const query = { GroupName: 'orders', NamePrefix: 'a-' };
    for await (const page of paginateListSchedules({ client: scheduler, pageSize: 2 }, { ...query }))
      names.push((page.Schedules ?? []).map(({ Name }) => Name));
    expect(names).toEqual([['a-1', 'a-2'], ['a-3']]);
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ ...query, State: 'DISABLED' }));
    expect(Schedules).toMatchObject([{ Name: 'a-2', GroupName: 'orders', Target: { Arn: QUEUE } }]);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'orders' }));
    await expect(scheduler.send(new GetScheduleGroupCommand({ Name: 'orders' }))).rejects.toThrow();
    await expect(
      scheduler.send(new GetScheduleCommand({ Name: 'a-1', GroupName: 'orders' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { ScheduleGroups } = await scheduler.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
  });
});

describe('when it is due', () => {
  it('a one-time schedule sends its input once, and is gone when it says so', async () => {
    const [gone, left] = [newName(), newName()];
    await create({ Name: gone, ScheduleExpression: atIn(3600), ActionAfterCompletion: 'DELETE' });
    await create({ Name: left, ScheduleExpression: atIn(3600) });
    await local.advance(3590, 10);
    expect(await bodies('Queue')).toEqual([]);
    await local.advance(20, 10);
    expect(await bodies('Queue')).toEqual(['now', 'now']);
    await expect(scheduler.send(new GetScheduleCommand({ Name: gone }))).rejects.toThrow('does not exist');
    expect((await scheduler.send(new GetScheduleCommand({ Name: left }))).Name).toBe(left);
    await local.advance(3600, 10);
    expect(await bodies('Queue')).toEqual([]);
  });

  it('a time that is over is due at once, without a clock that is moved', async () => {
    await create({ ScheduleExpression: atIn(-60), Target: { Arn: QUEUE, RoleArn: ROLE, Input: 'late' } });
    await eventually('it is sent', async () => (await bodies('Queue')).includes('late'));
  });

  it('the context attributes are replaced', async () => {
    const expression = atIn(100);
    const Input =
      '<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number> <aws.scheduler.execution-id> <aws.scheduler.schedule-arn> <aws.scheduler.else>';
    const { ScheduleArn } = await create({
      ScheduleExpression: expression,
      Target: { Arn: QUEUE, RoleArn: ROLE, Input },
    });
    await local.advance(101, 10);
    const [body = ''] = await bodies('Queue');
    const time = `${expression.slice(3, -1)}Z`;
    expect(body).toMatch(new RegExp(`^${time} 1 [0-9a-f]{16} ${ScheduleArn} <aws.scheduler.else>$`));
  });

  it('a rate begins at once and goes on, until its end', async () => {
    const Name = newName();
    const EndDate = new Date(local.clock.now() + 2.5 * 86_400_000);
    const Target = { Arn: QUEUE, RoleArn: ROLE, Input: '<aws.scheduler.scheduled-time>' };
    const asked = { Name, ScheduleExpression: 'rate(1 day)', EndDate, Target };
    await create({ ...asked, ActionAfterCompletion: 'DELETE' });
    const sent: (string | undefined)[] = [];
    await eventually('the first', async () => sent.push(...(await bodies('Queue'))) > 0);
    await local.advance(3 * 86_400, 10);
    sent.push(...(await bodies('Queue')));
    const [first = ''] = sent;
    const days = [0, 1, 2].map((day) => new Date(Date.parse(first) + day * 86_400_000));
    expect(sent).toEqual(days.map((day) => day.toISOString().replace('.000Z', 'Z')));
    await expect(scheduler.send(new GetScheduleCommand({ Name }))).rejects.toThrow('does not exist');
  });

  it('a disabled schedule sends nothing', async () => {
    await create({ ScheduleExpression: atIn(60), State: 'DISABLED' });
    await local.advance(120, 10);
    expect(await bodies('Queue')).toEqual([]);
  });

  it('a deleted schedule sends nothing', async () => {
    const Name = newName();
    await create({ Name, ScheduleExpression: atIn(60) });
    await scheduler.send(new DeleteScheduleCommand({ Name }));
    await local.advance(120, 10);
    expect(await bodies('Queue')).toEqual([]);
  });

  it('a schedule that was mended does not wait for the tries of what it was', async () => {
    const Name = newName();
    const refused = { Arn: QUEUE, RoleArn: ROLE, Input: 'a\u0001b' };
    await create({ Name, ScheduleExpression: atIn(10), Target: refused });
    await local.advance(11, 10);
    const mended = { ...refused, Input: 'mended' };
    const input = inputOf({ Name, ScheduleExpression: atIn(10), Target: mended });
    await scheduler.send(new UpdateScheduleCommand(input));
    await local.advance(11, 10);
    expect(await bodies('Queue')).toEqual(['mended']);
  });

  it('a function is invoked, and sees the time', async () => {
    const [{ configuration } = { configuration: { arn: '' } }] = [...local.functions.values()];
    const expression = atIn(7200);
    const Input = JSON.stringify({ hello: 'function' });
    await create({
      ScheduleExpression: expression,
      Target: { Arn: configuration.arn, RoleArn: ROLE, Input },
    });
    await local.advance(7201, 10);
    const line = lines.find((one) => one.includes('hello')) ?? '';
    const { got, at } = JSON.parse(line.slice(line.indexOf('{')));
    expect(got).toEqual({ hello: 'function' });
    const dueAt = Date.parse(`${expression.slice(3, -1)}Z`);
    expect(at).toBeGreaterThanOrEqual(dueAt);
    expect(at).toBeLessThan(dueAt + 30_000);
  });
});

describe('when its target does not exist', () => {
  it('it goes to its dead-letter queue at once, with the reason', async () => {
    const Arn = `${QUEUE}-nobody`;
    const expression = atIn(60);
    const DeadLetterConfig = { Arn: QUEUE.replace('Queue', 'Dead') };
    const { ScheduleArn } = await create({
      ScheduleExpression: expression,
      Target: { Arn, RoleArn: ROLE, Input: 'lost', DeadLetterConfig },
    });
    await local.advance(61, 10);
    const [message] = await receive('Dead');
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: `there is no queue ${Arn}`,
      EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: '0',
      SCHEDULED_TIME: `${expression.slice(3, -1)}Z`,
      SCHEDULE_ARN: ScheduleArn,
      TARGET_ARN: Arn,
    });
    expect(JSON.parse(message?.Body ?? '')).toEqual({ MessageBody: 'lost', QueueUrl: Arn });
  });

  it('an error without a message is kept with its name', async () => {
    const Target = { Arn: QUEUE, RoleArn: ROLE, DeadLetterConfig: { Arn: QUEUE.replace('Queue', 'Dead') } };
    const Name = newName();
    const settings = readSettings({ Name, ...EVERY_DAY, Target });
    const schedule = { arn: `arn:${Name}`, settings, createdAt: 0, changedAt: 0 };
    const occurrence = { schedule, scheduledAt: 0, attempt: 1, executionId: 'once' };
    // Node throws this when no address of a host takes the connection.
    const error = new AggregateError([]);
    expect(await sendToDeadLetterQueue(occurrence, { error }, local.sqs)).toBe(true);
    expect(await receive('Dead')).toMatchObject([
      { MessageAttributes: { ERROR_MESSAGE: { StringValue: 'AggregateError' } } },
    ]);
  });

  it('without a dead-letter queue the terminal says so', async () => {
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:nobody';
    const { ScheduleArn } = await create({
      ScheduleExpression: atIn(60),
      Target: { Arn, RoleArn: ROLE, Input: '{}' },
    });
    await local.advance(61, 10);
    expect(lines.find((line) => line.includes(ScheduleArn ?? '-'))).toMatch(
      /was not sent and has no dead-letter queue: there is no function .*:nobody$/,
    );
  });

  it('a queue that was deleted after the schedule was made is missing too', async () => {
    await create({
      ScheduleExpression: atIn(60),
      Target: {
        Arn: QUEUE.replace('Queue', 'Gone'),
        RoleArn: ROLE,
        Input: 'gone',
        DeadLetterConfig: { Arn: QUEUE.replace('Queue', 'Dead') },
      },
    });
    await local.sqs.send(new DeleteQueueCommand({ QueueUrl: idOf(local, 'Gone') }));
    await local.advance(61, 10);
    expect((await bodies('Dead')).map((body) => JSON.parse(body ?? '').MessageBody)).toEqual(['gone']);
  });
});

describe('over a restart', () => {
  it('schedules and groups are there again, and what was missed is sent at once', async () => {
    const dataDirectory = newFolder();
    const first = await run(writeAssembly(SHOP), { dataDirectory });
    const client = clientOf(first);
    await client.send(new CreateScheduleGroupCommand({ Name: 'orders' }));
    const missed = { ScheduleExpression: atIn(2, first), ActionAfterCompletion: 'DELETE' } as const;
    await client.send(new CreateScheduleCommand(inputOf({ ...missed, Name: 'missed' })));
    await client.send(new CreateScheduleCommand(inputOf({ Name: 'far', GroupName: 'orders' })));
    await client.send(new CreateScheduleCommand(inputOf({ Name: 'deleted' })));
    await client.send(new DeleteScheduleCommand({ Name: 'deleted' }));
    await stop(first);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    // Killed while it wrote: an incomplete line.
    appendFileSync(join(dataDirectory, 'scheduler', 'schedules.jsonl'), '{"schedule":{"arn":"arn:');
    const log: string[] = [];
    const second = await run(writeAssembly(SHOP), { dataDirectory, log: (line) => log.push(line) });
    await eventually('it is sent', async () => (await bodies('Queue', second)).includes('now'));
    const { Schedules } = await clientOf(second).send(new ListSchedulesCommand({}));
    expect(Schedules).toMatchObject([{ Name: 'far', GroupName: 'orders' }]);
    expect(log.filter((line) => line.includes('schedules.jsonl'))).toEqual([
      expect.stringMatching(
        /ignored line \d+: .*; the file as it was is kept as schedules\.jsonl\.unread-1$/,
      ),
    ]);
  });
});

it('when what was sent cannot be written, the terminal says so, and others are sent all the same', async () => {
  const dataDirectory = newFolder();
  const log: string[] = [];
  const machine = await run(writeAssembly(SHOP), { dataDirectory, log: (line) => log.push(line) });
  for (const [Name, seconds] of [
    ['one', 2],
    ['two', 3],
  ] as const) {
    const Target = { Arn: QUEUE, RoleArn: ROLE, Input: Name };
    const asked = inputOf({ Name, ScheduleExpression: atIn(seconds, machine), Target });
    await clientOf(machine).send(new CreateScheduleCommand(asked));
  }
  const file = join(dataDirectory, 'scheduler', 'schedules.jsonl');
  rmSync(file);
  mkdirSync(file);
  const sent: (string | undefined)[] = [];
  await eventually('both are sent', async () => sent.push(...(await bodies('Queue', machine))) === 2);
  expect(sent).toEqual(['one', 'two']);
  await eventually('both are named', () => log.length === 2);
  expect(log).toEqual(
    ['one', 'two'].map((name) =>
      expect.stringMatching(
        new RegExp(`^The schedule arn:.*/${name} is done, and that could not be written: .*EISDIR`),
      ),
    ),
  );
  await stop(machine);
});

describe('what cannot be read of the kept schedules', () => {
  const kept = {
    arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/a',
    createdAt: 1,
    changedAt: 1,
  };
  const settings = {
    ...inputOf({ Name: 'a', ScheduleExpression: 'rate(1 day)' }),
    GroupName: 'default',
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
  };
  const startWith = async (...changes: readonly object[]) => {
    const dataDirectory = newFolder();
    mkdirSync(join(dataDirectory, 'scheduler'));
    const content = changes.map((change) => `${JSON.stringify(change)}\n`).join('');
    writeFileSync(join(dataDirectory, 'scheduler', 'schedules.jsonl'), content);
    const log: string[] = [];
    const machine = await run(writeAssembly(SHOP), { dataDirectory, log: (line) => log.push(line) });
    return { machine, log, dataDirectory };
  };

  it.each([
    ['settings that are nothing', { schedule: { ...kept, settings: null } }],
    ['settings without a name', { schedule: { ...kept, settings: { ...settings, Name: undefined } } }],
    ['settings without a target', { schedule: { ...kept, settings: { ...settings, Target: null } } }],
    [
      'a time zone that this machine does not know',
      { schedule: { ...kept, settings: { ...settings, ScheduleExpressionTimezone: 'Mars/Olympus' } } },
    ],
    [
      'an expression that is none',
      { schedule: { ...kept, dueAt: 1, settings: { ...settings, ScheduleExpression: 'rate(0 days)' } } },
    ],
    ['a group without a name', { group: { arn: 'a', name: 7 } }],
  ])('is skipped, and the line named and kept: %s', async (_, line) => {
    const whole = { schedule: { ...kept, settings: { ...settings, Name: 'b' } } };
    const { machine, log, dataDirectory } = await startWith(line, whole);
    expect((await clientOf(machine).send(new ListSchedulesCommand({}))).Schedules).toMatchObject([
      { Name: 'b' },
    ]);
    expect(log.filter((one) => one.includes('schedules.jsonl'))).toEqual([
      expect.stringMatching(
        /ignored line 1: not a schedule that can be read, or only half written when the runner died; the file as it was is kept as schedules\.jsonl\.unread-1$/,
      ),
    ]);
    await stop(machine);
    const file = join(dataDirectory, 'scheduler', 'schedules.jsonl');
    expect(readFileSync(`${file}.unread-1`, 'utf8')).toBe(
      `${JSON.stringify(line)}\n${JSON.stringify(whole)}\n`,
    );
    expect(statSync(`${file}.unread-1`).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(whole)}\n`);
  });

  it('is kept each time beside what was kept before, and nothing when all can be read', () => {
    const folder = newFolder();
    const file = join(folder, 'schedules.jsonl');
    const names: string[] = [];
    for (const line of ['one', 'two']) {
      appendFileSync(file, line);
      new ScheduleStore(folder, (text) => names.push(text.slice(text.lastIndexOf(' ') + 1)));
      new ScheduleStore(folder, (text) => names.push(text));
    }
    expect(names).toEqual(['schedules.jsonl.unread-1', 'schedules.jsonl.unread-2']);
    expect(names.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['one\n', 'two\n']);
  });

  it.each([null, 'soon'])(
    'a schedule that is due at %j is not sent, is named, and stops no other',
    async (dueAt) => {
      const unreadable = { ...kept, dueAt, firstAt: dueAt, settings: { ...settings, StartDate: null } };
      const { machine, log } = await startWith({ schedule: unreadable });
      const asked = inputOf({
        ScheduleExpression: atIn(1, machine),
        Target: { Arn: QUEUE, RoleArn: ROLE, Input: 'other' },
      });
      await clientOf(machine).send(new CreateScheduleCommand(asked));
      await eventually('the other is sent', async () => (await bodies('Queue', machine)).includes('other'));
      expect(log.filter((line) => line.includes('schedule/default/a'))).toEqual([
        `The schedule ${kept.arn} is not sent: it was kept with ${JSON.stringify(dueAt)} as the time when it is due next. Update it, or delete it.`,
      ]);
      await stop(machine);
    },
  );
});

describe.each(AGAIN)('schedules of a template, after %s', (_, again) => {
  const twice = twiceBy(again);
  const schedule = (properties: object) => ({
    Queue: { Type: 'AWS::SQS::Queue' },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup' },
    Daily: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        GroupName: { Ref: 'Group' },
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, RoleArn: ROLE, Input: 'daily' },
        ...properties,
      },
    },
  });
  const read = async (machine: LocalStack) =>
    clientOf(machine).send(
      new GetScheduleCommand({ Name: idOf(machine, 'Daily'), GroupName: idOf(machine, 'Group') }),
    );
  const firstSent = async (machine: LocalStack) =>
    eventually('the first is sent', async () => (await bodies('Queue', machine)).length === 1);

  it('an unchanged one is not sent again', async () => {
    const machine = await twice(schedule({}), schedule({}), firstSent);
    expect(await bodies('Queue', machine)).toEqual([]);
    await machine.advance(86_400, 10);
    expect(await bodies('Queue', machine)).toEqual(['daily']);
    expect(await read(machine)).toMatchObject({ ScheduleExpression: 'rate(1 day)', State: 'ENABLED' });
  });

  it('a changed one has its new settings, and removed ones their defaults', async () => {
    const before = { Description: 'why', StartDate: '2100-01-01T00:00:00.000Z' };
    const machine = await twice(schedule(before), schedule({ ScheduleExpression: 'cron(0 10 * * ? *)' }));
    const { ScheduleExpression, Description, StartDate } = await read(machine);
    expect({ ScheduleExpression, Description, StartDate }).toEqual({
      ScheduleExpression: 'cron(0 10 * * ? *)',
      Description: undefined,
      StartDate: undefined,
    });
  });
});

it('a template with a schedule that AWS would refuse is refused, and the resource named', async () => {
  const Daily = { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(1 day)' } };
  await expect(run(writeAssembly({ resources: { Daily } }))).rejects.toThrow(
    'AWS::Scheduler::Schedule Daily of stack Shop: FlexibleTimeWindow is missing.',
  );
});

it.each(['StartDate', 'EndDate'])(
  'a template whose %s is no time is refused, and the text named',
  async (field) => {
    const Properties = {
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: QUEUE, RoleArn: ROLE },
      [field]: '2026-13-45',
    };
    const Daily = { Type: 'AWS::Scheduler::Schedule', Properties };
    await expect(run(writeAssembly({ resources: { Daily } }))).rejects.toThrow(
      `AWS::Scheduler::Schedule Daily of stack Shop: ${field} '2026-13-45' is no ISO 8601 time, such as 2026-01-31T12:00:00.000Z`,
    );
  },
);
