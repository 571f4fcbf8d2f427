import { CreateScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serializeLaterMessage } from '../../../lib/later/later-message.ts';
import { scheduleName } from '../../../lib/later/schedule-name.ts';
import { findCancellable } from '../../../lib/ops/scheduled/cancel-scheduled.ts';
import { readScheduled } from '../../../lib/ops/scheduled/read-scheduled.ts';
import { expectDocumented, expectIsoTimes } from './documented-shapes.ts';
import { drain, fill, type Rig, startRig } from './rig.ts';

let rig: Rig;
let scheduler: SchedulerClient;
const schedules = () => rig.deployment.scheduled ?? expect.fail('there are no schedules');
const YEAR = new Date().getUTCFullYear() + 1;
const at = (month: number) => `${YEAR}-0${month}-01T10:00:00Z`;

interface Planned {
  readonly id: string;
  readonly source?: string;
  readonly month?: number;
  readonly type?: string;
  readonly key?: string;
}

async function keep(name: string, Input: string, more: object = {}): Promise<string> {
  const { groupName: GroupName } = schedules();
  await scheduler.send(
    new CreateScheduleCommand({
      Name: name,
      GroupName,
      ScheduleExpression: `at(${YEAR}-09-01T00:00:00)`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      ...more,
      Target: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:later',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        Input,
      },
    }),
  );
  return name;
}

/** As the function of later events keeps it. */
function plan({ id, source = '/consumers/email', month = 1, type = 'shop.Reminded.v1', key }: Planned) {
  const event = {
    specversion: '1.0',
    id,
    source,
    type,
    time: at(1),
    deliverat: at(month),
    data: { id },
  } as const;
  const message = serializeLaterMessage({ event, ...(key !== undefined && { key }) });
  return keep(scheduleName(event, key), message);
}

const names = async () => {
  const { events } = await readScheduled(rig.clients, schedules());
  return events.map(({ name }) => name);
};
const cancellations = async () =>
  (await drain(rig.clients, schedules().queueUrl)).map(({ Body = '' }) => JSON.parse(Body));

beforeAll(async () => {
  rig = await startRig({ later: true });
  scheduler = await rig.clients.scheduler();
});
beforeEach(async () => {
  const { DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
  const { groupName: GroupName } = schedules();
  for (const Name of await names()) await scheduler.send(new DeleteScheduleCommand({ GroupName, Name }));
});
afterAll(() => rig.stop());

describe('of a bus that keeps no events for later', () => {
  it('nothing is listed, and the reason is told', async () => {
    const old = await startRig();
    const { code, stderr } = await old.run('scheduled', 'list');
    await old.stop();
    expect(code).toBe(3);
    expect(stderr).toBe(
      'fanfare: the bus shop-dev-Bus keeps no events for later: it was deployed by an older version; deploy it again\n',
    );
  });
});

describe('scheduled list', () => {
  it('names a consumer that does not exist', async () => {
    expect(await rig.run('scheduled', 'list', '--consumer', 'emial')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean email'),
    });
  });

  it('does not say that a type is unknown when it cannot know what a consumer takes', async () => {
    await plan({ id: 'kept' });
    // The subscription of the consumer cannot be read here.
    expect(await rig.run('scheduled', 'list', '--type', 'shop.Remindet')).toMatchObject({
      code: 0,
      stdout: 'No event is kept for later.\n',
    });
  });

  it('says when none of a type that a contract has is kept', async () => {
    expect(await rig.run('scheduled', 'list', '--type', 'shop.OrderPlaced')).toMatchObject({
      code: 0,
      stdout: 'No event is kept for later.\n',
    });
  });

  it('says when there is none', async () => {
    expect(await rig.run('scheduled', 'list')).toMatchObject({
      code: 0,
      stdout: 'No event is kept for later.\n',
    });
  });

  it('lists the soonest first, then what comes again, and says how much waits', async () => {
    const later = await plan({ id: 'later', month: 3 });
    const soon = await plan({ id: 'soon', month: 2, key: 'order-1' });
    const recurring = {
      type: 'shop.DayEnded.v1',
      source: '/shop',
      data: {},
      scheduledAt: '<aws.scheduler.scheduled-time>',
    };
    const daily = await keep('a-daily', serializeLaterMessage({ recurring }), {
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Vienna',
      State: 'DISABLED',
    });
    await fill(rig.clients, { queueUrl: schedules().queueUrl, bodies: ['a', 'b'] });
    const { stdout, code } = await rig.run('scheduled', 'list');
    await drain(rig.clients, schedules().queueUrl);
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toEqual([
      ['due (UTC)', 'type', 'id', 'source', 'key', 'schedule'],
      [`${YEAR}-02-01 10:00:00Z`, 'shop.Reminded.v1', 'soon', '/consumers/email', 'order-1', soon],
      [`${YEAR}-03-01 10:00:00Z`, 'shop.Reminded.v1', 'later', '/consumers/email', '-', later],
      ['off: cron(0 6 * * ? *) Europe/Vienna', 'shop.DayEnded.v1', '-', '/shop', '-', daily],
      ['2 messages are due within 15 minutes, or are being looked at.'],
    ]);
  });

  it('lists those of a consumer and of a type, and no more than asked for', async () => {
    await plan({ id: 'mine' });
    await plan({ id: 'other', source: '/test' });
    await plan({ id: 'paid', type: 'shop.Paid.v2', month: 2 });
    const ids = async (...args: string[]) => {
      const { stdout } = await rig.run('scheduled', 'list', ...args, '--json');
      const { kind, data } = JSON.parse(stdout);
      expectDocumented(kind, data);
      expectIsoTimes(data);
      return [
        data.events.map(({ id }: { id: string }) => id).toSorted(),
        data.total,
        data.waiting,
        data.isWhole,
      ];
    };
    expect(await ids('--consumer', 'email')).toEqual([['mine', 'paid'], 2, 0, true]);
    expect(await ids('--type', 'shop.Paid')).toEqual([['paid'], 1, 0, true]);
    expect(await ids('--type', 'shop.Paid.v2')).toEqual([['paid'], 1, 0, true]);
    expect(await ids('--type', 'shop.Paid.v1')).toEqual([[], 0, 0, true]);
    const [shown, total] = await ids('--limit', '2');
    expect([shown.length, total]).toEqual([2, 3]);
  });

  it('names a schedule that holds no event, with the reason', async () => {
    await keep('foreign', 'hello');
    const { stdout } = await rig.run('scheduled', 'list');
    expect(stdout).toMatch(/^The schedule foreign holds no event: .+$/m);
    await rig.clients.scheduler();
    const { DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
    await scheduler.send(new DeleteScheduleCommand({ GroupName: schedules().groupName, Name: 'foreign' }));
  });
});

describe('scheduled cancel', () => {
  it('changes nothing when it cannot ask', async () => {
    const name = await plan({ id: 'kept' });
    expect(await rig.run('scheduled', 'cancel', 'kept')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot ask here; add --yes'),
    });
    expect(await names()).toEqual([name]);
    expect(await cancellations()).toEqual([]);
  });

  it.each([
    [
      'an id',
      'nobody',
      "no schedule has the event 'nobody'; an event that is due within 15 minutes is cancelled with its --source",
    ],
    ['a name', `${'0'.repeat(16)}-${'a'.repeat(40)}-${'b'.repeat(6)}`, 'it may have fired'],
  ])('refuses %s that does not exist', async (_, name, reason) => {
    expect(await rig.run('scheduled', 'cancel', name, '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(reason),
    });
    expect(await cancellations()).toEqual([]);
  });

  it('asks for the source when two have the id', async () => {
    await plan({ id: 'twin' });
    const other = await plan({ id: 'twin', source: '/test' });
    const { code, stderr } = await rig.run('scheduled', 'cancel', 'twin', '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /name the source with --source: (\/consumers\/email, \/test|\/test, \/consumers\/email)/,
    );
    expect((await rig.run('scheduled', 'cancel', 'twin', '--source', '/consumers/email', '--yes')).code).toBe(
      0,
    );
    expect(await names()).toEqual([other]);
    expect(await cancellations()).toMatchObject([{ cancel: { owner: '/consumers/email', key: 'twin' } }]);
  });

  it.each(['its name', 'its id'])(
    'by %s: deletes the schedule, and notes it for what is under way',
    async (by) => {
      const name = await plan({ id: 'gone', key: 'order-1' });
      const before = Date.now();
      const args = ['scheduled', 'cancel', by === 'its name' ? name : 'gone', '--yes', '--json'];
      const { stdout, code } = await rig.run(...args);
      expect(code).toBe(0);
      const { kind, data } = JSON.parse(stdout);
      expectDocumented(kind, data);
      expect(data).toEqual({ source: '/consumers/email', id: 'gone', schedules: [name] });
      expect(await names()).toEqual([]);
      const [message, ...others] = await cancellations();
      expect(others).toEqual([]);
      expect(message).toEqual({ cancel: { owner: '/consumers/email', key: 'gone', at: expect.any(String) } });
      expect(Date.parse(message.cancel.at)).toBeGreaterThanOrEqual(before);
    },
  );

  it('of an event that is kept in two versions deletes both, whichever is named', async () => {
    const name = await plan({ id: 'both', type: 'shop.Reminded.v1' });
    await plan({ id: 'both', type: 'shop.Reminded.v2' });
    const other = await plan({ id: 'kept' });
    expect((await rig.run('scheduled', 'cancel', name, '--yes')).code).toBe(0);
    expect(await names()).toEqual([other]);
    expect(await cancellations()).toMatchObject([{ cancel: { key: 'both' } }]);
  });

  it('of one that comes again and again says where that is written', async () => {
    const recurring = { type: 'shop.DayEnded.v1', source: '/shop', data: {}, scheduledAt: at(1) };
    const name = `${'1'.repeat(16)}-${'a'.repeat(40)}-${'b'.repeat(6)}`;
    await keep(name, serializeLaterMessage({ recurring }), {
      ScheduleExpression: 'rate(1 day)',
      State: 'DISABLED',
    });
    expect(await rig.run('scheduled', 'cancel', name, '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('take the schedule from the contract, and deploy'),
    });
    expect(await names()).toEqual([name]);
  });

  it.each([
    ['without a key, by its source, lists its own names only', undefined, 'direct', ['/shop']],
    ['with a key, by its source, lists all names', 'order-2', 'keyed', ['/shop']],
    ['by the name of its schedule, lists its own names only', 'order-3', undefined, []],
  ])('of an event %s', async (_, key, id, [source]) => {
    for (const other of ['x', 'y']) await plan({ id: other });
    const both = [];
    for (const type of ['shop.Reminded.v1', 'shop.Reminded.v2'])
      both.push(await plan({ id: id ?? 'named', source: '/shop', type, ...(key !== undefined && { key }) }));
    const asked: (string | undefined)[] = [];
    const listed: number[] = [];
    const watched = {
      ...rig.clients,
      scheduler: async () =>
        Object.assign(Object.create(scheduler), {
          send: async (command: object) => {
            const answer = await scheduler.send(command as ListSchedulesCommand);
            if (command instanceof ListSchedulesCommand) {
              asked.push(command.input.NamePrefix);
              listed.push(answer.Schedules?.length ?? 0);
            }
            return answer;
          },
        }),
    };
    const found = await findCancellable(watched, schedules(), { name: id ?? both[0] ?? '', source });
    expect(found.schedules.map(({ name }) => name).toSorted()).toEqual(both.toSorted());
    expect(found.isWhole).toBe(true);
    expect(listed).toEqual(id === 'keyed' ? [0, 4] : [2]);
    expect(asked[0]).toBe(
      both[0]?.slice(0, -6).replace(/^[0-9a-f]{16}/, id === 'keyed' ? '0'.repeat(16) : '$&'),
    );
  });

  it('of an event that waits in the queue is noted', async () => {
    const { stdout, code } = await rig.run('scheduled', 'cancel', 'due', '--source', '/test', '--yes');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'Cancelled the event due of /test: it has no schedule, and is not delivered if it waits in the queue.\n',
    );
    expect(await cancellations()).toMatchObject([{ cancel: { owner: '/test', key: 'due' } }]);
  });
});

describe('advance', () => {
  it.each(['soon', '-1h', '1w'])('refuses %s', async (duration) => {
    expect(await rig.run('advance', '--', duration)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('such as 90s, 15m, 2h or 30d'),
    });
  });

  it('refuses a stage', async () => {
    expect(await rig.run('advance', '1h', '--stage', 'prod')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave --stage out'),
    });
  });

  it('moves the time of this machine, and says it', async () => {
    const { stdout, code } = await rig.run('advance', '2h', '--json');
    expect(code).toBe(0);
    const { kind, data } = JSON.parse(stdout);
    expectDocumented(kind, data);
    expect(Math.round(data.aheadSeconds)).toBe(7_200);
    const moved = Math.abs(Date.parse(data.now) - Date.now() - 7_200_000);
    expect(moved).toBeLessThan(60_000);
  });
});
