import { hostname, userInfo } from 'node:os';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPolling, setPolling } from '../../../lib/intake/mapping.ts';
import { eventually } from '../../apps/client.ts';
import { expectDocumented } from './documented-shapes.ts';
import { busStack, type IntakeRig, startIntakeRig } from './intake-rig.ts';
import { type Ended, runFanfare } from './run-fanfare.ts';

const HOUR = 3_600_000;
const ME = `${userInfo().username}@${hostname()}`;
let rig: IntakeRig;

beforeAll(async () => {
  rig = await startIntakeRig();
});
afterAll(() => rig.stop());
afterEach(async () => {
  for (const { label } of rig.deployment.consumers) await fanfare('resume', label);
});

const fanfare = (...args: readonly string[]): Promise<Ended> => runFanfare(rig.local, args);
const dataOf = ({ stdout }: Ended) => JSON.parse(stdout).data;
const consumerOf = (label: string) =>
  rig.deployment.consumers.find((one) => one.label === label) ?? expect.fail(`there is no ${label}`);
const polling = (label: string) => readPolling(rig.lambda, consumerOf(label).functionName);
const send = (label: string) =>
  rig.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: consumerOf(label).queueUrl, MessageBody: 'event' }),
  );
const waiting = (label: string) => rig.local.depthOf(consumerOf(label).queueUrl);
const EMPTY = { visible: 0, inFlight: 0, delayed: 0 };

describe('fanfare pause', () => {
  it('stops one consumer and no other, and resume lets it handle what has waited', async () => {
    const paused = await fanfare('pause', 'email', '--reason', 'the bank moves');
    expect(paused.code).toBe(0);
    expect(paused.stdout).toMatch(
      /^email: paused since \d{4}-\d\d-\d\d [\d:]{8}Z, until somebody resumes it, by .+@.+: the bank moves\n$/,
    );
    expect(paused.stderr).toBe(
      'Its events wait in its queue, which keeps each of them for 4 d.\nResume it: npx fanfare resume email --app shop --stage dev\n'.replace(
        ' --app shop --stage dev',
        '',
      ),
    );
    expect([await polling('email'), await polling('invoice')]).toEqual(['off', 'on']);
    await send('email');
    await send('invoice');
    await eventually(
      'the other handles its event',
      () => waiting('invoice').visible + waiting('invoice').inFlight === 0,
    );
    expect(waiting('email')).toEqual({ ...EMPTY, visible: 1 });
    const resumed = await fanfare('resume', 'email');
    expect(resumed).toEqual({ code: 0, stdout: 'email: takes messages\n', stderr: '' });
    await eventually(
      'it handles what has waited',
      () => waiting('email').visible + waiting('email').inFlight === 0,
    );
  });

  it('for some time tells the controller when it has begun, and of which function and queue', async () => {
    const before = Date.now();
    const paused = await fanfare('pause', 'email', '--for', '2h', '--json');
    expectDocumented('intake', dataOf(paused));
    const { since, until, ...rest } = dataOf(paused);
    expect(rest).toEqual({
      consumer: 'email',
      state: 'paused',
      by: ME,
      before: 'flowing',
      polledBefore: 'on',
      overtaken: false,
    });
    expect(Date.parse(until) - Date.parse(since)).toBe(2 * HOUR);
    expect(await rig.table.read('email')).toMatchObject({
      intake: 'paused',
      until: Date.parse(until),
      version: expect.any(Number),
    });
    const { Messages = [] } = await rig.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: rig.controlQueueUrl,
        MessageSystemAttributeNames: ['All'],
        MaxNumberOfMessages: 10,
      }),
    );
    const [{ Body = '', Attributes } = {}, ...others] = Messages;
    expect(others).toEqual([]);
    expect(Attributes?.MessageGroupId).toBe('email');
    const { at, ...message } = JSON.parse(Body);
    const { functionName, queueUrl } = consumerOf('email');
    expect(message).toEqual({ kind: 'pause', consumer: 'email', functionName, queueUrl });
    expect(at).toBeGreaterThanOrEqual(before);
  });

  it('for some time ends by the time that functions see', async () => {
    const other = await startIntakeRig();
    await other.local.advance(86_400, 10);
    const earliest = other.local.clock.now() + HOUR;
    const paused = await runFanfare(other.local, ['pause', 'email', '--for', '1h', '--json']);
    const latest = other.local.clock.now() + HOUR;
    const { Messages: [{ Body = '' } = {}] = [] } = await other.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: other.controlQueueUrl }),
    );
    await other.stop();
    const [until, at] = [Date.parse(dataOf(paused).until), JSON.parse(Body).at];
    expect([until >= earliest, until <= latest]).toEqual([true, true]);
    expect([at >= earliest - HOUR, at <= latest - HOUR]).toEqual([true, true]);
  });

  it('that is longer than its queue keeps messages says that they are lost', async () => {
    const { code, stderr } = await fanfare('pause', 'email', '--for', '5d');
    expect(code).toBe(0);
    expect(stderr).toContain('The pause is longer: what waits for more than 4 d is deleted by SQS.');
  });

  it('over a pause says whose it was', async () => {
    await fanfare('pause', 'email', '--reason', 'the bank moves', '--for', '1h');
    const { stdout, stderr } = await fanfare('pause', 'email');
    expect(stderr).toMatch(/^It was paused already, by .+@.+ until \d{4}-.*Z\. The new end holds\.$/m);
    expect(stdout).toContain('until somebody resumes it');
    expect(stdout).toContain('the bank moves');
  });

  it('of a consumer whose mapping was disabled by hand says so, and resume enables it', async () => {
    await setPolling(rig.lambda, consumerOf('email').functionName, 'off');
    expect((await fanfare('pause', 'email')).stderr).toContain(
      'Lambda did not poll its queue before: somebody had disabled the event source mapping. Resume enables it.',
    );
    await fanfare('resume', 'email');
    expect(await polling('email')).toBe('on');
  });

  it('of a consumer of another app has its own item, under the name that everybody finds', async () => {
    expect((await fanfare('pause', 'fraud-dev/check')).stdout).toMatch(/^fraud-dev\/check: paused/);
    expect(await rig.table.read('fraud-dev/check')).toMatchObject({ intake: 'paused' });
    const inItsOwnApp = await fanfare('resume', 'check', '--app', 'fraud', '--json');
    expect(dataOf(inItsOwnApp)).toMatchObject({ consumer: 'check', state: 'flowing', before: 'paused' });
    expect(await rig.table.read('fraud-dev/check')).toMatchObject({ intake: 'flowing' });
  });

  it('closes nothing that is not there: an unknown consumer ends with 2', async () => {
    const { code, stderr } = await fanfare('pause', 'emial');
    expect(code).toBe(2);
    expect(stderr).toContain("there is no consumer 'emial'");
  });

  it.each([
    ['no time', ['--for', '0']],
    ['what is no time', ['--for', 'ever']],
    ['an empty reason', ['--reason', ' ']],
    ['a reason of 301 characters', ['--reason', 'x'.repeat(301)]],
  ])('for %s is refused, and nothing is written', async (_, options) => {
    const { code, stdout } = await fanfare('pause', 'invoice', ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(await rig.table.read('invoice')).toBeUndefined();
  });
});

describe('fanfare resume', () => {
  it('of one that flows has nothing to do, and ends well', async () => {
    expect(await fanfare('resume', 'invoice')).toEqual({
      code: 0,
      stdout: 'invoice: takes messages\n',
      stderr: 'Nothing was changed: it was not stopped.\n',
    });
    expect(await rig.table.read('invoice')).toBeUndefined();
  });

  it('enables a mapping that was disabled by hand', async () => {
    await setPolling(rig.lambda, consumerOf('invoice').functionName, 'off');
    const { code, stderr } = await fanfare('resume', 'invoice');
    expect(code).toBe(0);
    expect(stderr).toContain('the event source mapping is enabled again');
    expect(await polling('invoice')).toBe('on');
  });

  it('closes a breaker by hand, and a pause before replaces it', async () => {
    const trip = async (): Promise<void> => {
      const before = await rig.table.read('invoice');
      const reason = 'TransientError: no answer';
      await rig.table.change(before, { consumer: 'invoice', intake: 'tripped', since: Date.now(), reason });
      await setPolling(rig.lambda, consumerOf('invoice').functionName, 'off');
    };
    await trip();
    const paused = await fanfare('pause', 'invoice');
    expect(paused.stdout).toContain('its breaker was open: TransientError: no answer');
    expect(paused.stderr).toContain('Nobody probes any more');
    await fanfare('resume', 'invoice');
    await trip();
    const resumed = await fanfare('resume', 'invoice');
    expect(resumed.stderr).toContain('Its breaker was closed by hand.');
    expect(await rig.table.read('invoice')).toMatchObject({
      intake: 'flowing',
      by: ME,
      closedAt: expect.any(Number),
    });
    expect(await polling('invoice')).toBe('on');
  });
});

describe('fanfare status', () => {
  it('tells of a pause and of an open breaker, as trouble, and knows who flows', async () => {
    await fanfare('pause', 'email', '--reason', 'the bank moves');
    const before = await rig.table.read('invoice');
    await rig.table.change(before, {
      consumer: 'invoice',
      intake: 'tripped',
      since: Date.parse('2026-11-27T12:00:00Z'),
      nextProbeAt: Date.parse('2026-11-27T12:00:30Z'),
      reason: 'TransientError: no answer',
    });
    const text = await fanfare('status');
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/^email .* paused$/m);
    expect(text.stdout).toMatch(/^invoice .* open$/m);
    expect(text.stdout).toMatch(/^paused email: paused since .*, by .+: the bank moves$/m);
    expect(text.stdout).toContain(
      'open   invoice: breaker open since 2026-11-27 12:00:00Z, next probe 2026-11-27 12:00:30Z: TransientError: no answer',
    );
    const status = dataOf(await fanfare('status', '--json'));
    expectDocumented('status', status);
    expectDocumented('consumer', status.consumers);
    const byLabel = Object.fromEntries(
      status.consumers.map(({ label, intake }: { label: string; intake: object }) => [label, intake]),
    );
    expect(byLabel).toEqual({
      email: { state: 'paused', since: expect.stringMatching(/Z$/), by: ME, reason: 'the bank moves' },
      'fraud-dev/check': expect.objectContaining({ state: 'flowing' }),
      invoice: {
        state: 'tripped',
        since: '2026-11-27T12:00:00.000Z',
        nextProbeAt: '2026-11-27T12:00:30.000Z',
        reason: 'TransientError: no answer',
      },
    });
  });

  it('tells a consumer of the same pause in the repository of another app', async () => {
    await fanfare('pause', 'fraud-dev/check');
    const { consumers } = dataOf(await fanfare('status', '--app', 'fraud', '--json'));
    expect(consumers).toEqual([
      expect.objectContaining({ label: 'check', intake: expect.objectContaining({ state: 'paused' }) }),
    ]);
  });
});

describe('fanfare trace', () => {
  it('says that a consumer which has not done an event takes none, and says nothing of others', async () => {
    const put = (label: string) =>
      rig.clients.dynamodb.send(
        new PutItemCommand({
          TableName: consumerOf(label).idempotencyTable,
          Item: {
            id: { S: '/test|traced' },
            type: { S: 'shop.OrderPlaced.v1' },
            status: { S: `COMPLETED ${new Date().toISOString()}` },
          },
        }),
      );
    await put('invoice');
    await fanfare('pause', 'invoice');
    await fanfare('pause', 'email', '--reason', 'the bank moves');
    const { stdout, stderr } = await fanfare('trace', 'traced', '--source', '/test');
    expect(stdout).toContain('invoice: completed');
    expect(stdout).toContain('email: unseen');
    expect(stderr).toMatch(/^email takes no messages: paused since .*: the bank moves\n$/);
  });
});

describe('a bus of an older version', () => {
  let old: IntakeRig;
  beforeAll(async () => {
    old = await startIntakeRig(busStack([]));
    return () => old.stop();
  });

  it.each(['pause', 'resume'])('is told that it cannot %s, and what to do', async (command) => {
    const { code, stderr } = await runFanfare(old.local, [command, 'email']);
    expect(code).toBe(3);
    expect(stderr).toBe(
      'fanfare: the bus shop-dev-Bus cannot stop email: its stack has no output IntakeTableName, so it is of an older version; deploy shop-dev-Bus again with this version\n',
    );
  });

  it('has no trouble by it, and does not know who is stopped', async () => {
    const ended = await runFanfare(old.local, ['status', '--json']);
    expect(dataOf(ended).consumers.map(({ intake }: { intake: unknown }) => intake)).toEqual([
      null,
      null,
      null,
    ]);
    expect(ended.code).toBe(0);
  });
});

describe('a bus without a controller', () => {
  it('can pause, but not for some time', async () => {
    const half = await startIntakeRig(busStack(['IntakeTableName']));
    const refused = await runFanfare(half.local, ['pause', 'email', '--for', '1h']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('nothing would end the pause of email');
    expect(await half.table.read('email')).toBeUndefined();
    expect((await runFanfare(half.local, ['pause', 'email'])).code).toBe(0);
    await half.stop();
  });
});
