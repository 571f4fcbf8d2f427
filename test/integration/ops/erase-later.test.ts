import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CreateScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { type LaterMessage, serializeLaterMessage } from '../../../lib/later/later-message.ts';
import { scheduleName } from '../../../lib/later/schedule-name.ts';
import { expectDocumented } from './documented-shapes.ts';
import { orderOf, reportOf } from './erase-rig.ts';
import { drain, fill, type Rig, startRig } from './rig.ts';

let rig: Rig;
const folder = mkdtempSync(join(tmpdir(), 'fanfare-erase-'));
beforeAll(async () => {
  rig = await startRig({ later: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await rig.stop();
});

const later = () => rig.deployment.laters[0] ?? expect.fail('there are no schedules');
const erase = (subject: string, ...args: readonly string[]) =>
  rig.begin(['erase', '--subject', subject, '--events', resolve('test/apps/customers'), '--json', ...args], {
    cwd: folder,
  }).ended;

const YEAR = new Date().getUTCFullYear() + 1;
const reminder = (id: string, customerId: string): Envelope => ({
  ...orderOf(id, customerId),
  deliverat: `${YEAR}-06-01T10:00:00Z`,
});

async function schedule(message: LaterMessage, name: string): Promise<void> {
  await (await rig.clients.scheduler()).send(
    new CreateScheduleCommand({
      Name: name,
      GroupName: later().groupName,
      ScheduleExpression: `at(${YEAR}-06-01T09:58:00)`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:later',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        Input: serializeLaterMessage(message),
      },
    }),
  );
}

const plan = (event: Envelope, key?: string) =>
  schedule({ event, ...(key !== undefined && { key }) }, scheduleName(event, key));

const names = async () => {
  const page = await (await rig.clients.scheduler()).send(
    new ListSchedulesCommand({ GroupName: later().groupName }),
  );
  return (page.Schedules ?? []).map(({ Name }) => Name).toSorted();
};

it('cancels the events of the person that come later, and those of nobody else', async () => {
  for (let index = 0; index < 25; index++) await plan(reminder(`a${index}`, 'ada'), `key-${index % 2}`);
  const others = [reminder('b1', 'bob'), reminder('b2', 'bob')];
  for (const event of others) await plan(event);
  const recurring = { type: 'shop.DayEnded.v1', source: '/s', data: {}, scheduledAt: '2026-01-01' };
  await schedule({ recurring }, 'DayEnded');
  const dry = await erase('ada', '--dry-run');
  expect(reportOf(dry).scheduled).toBe(25);
  expect(await names()).toHaveLength(28);
  expect(await drain(rig.clients, later().queueUrl)).toEqual([]);

  const ended = await erase('ada', '--yes');
  expect(ended.code).toBe(0);
  expectDocumented('erasure', reportOf(ended));
  expect(reportOf(ended)).toMatchObject({
    scheduled: 25,
    left: [],
    waiting: [{ queue: 'later', messages: 25 }],
  });
  expect(await names()).toEqual(
    [...others.map((event) => scheduleName(event, undefined)), 'DayEnded'].toSorted(),
  );
  // A schedule that has fired meanwhile finds the cancellation.
  const notes = (await drain(rig.clients, later().queueUrl)).map(({ Body = '' }) => JSON.parse(Body).cancel);
  expect(notes.map(({ owner, key }) => `${owner} ${key}`).toSorted()).toEqual(
    Array.from({ length: 25 }, (_, index) => `/shop/checkout a${index}`).toSorted(),
  );
  expect(reportOf(await erase('ada', '--yes')).scheduled).toBe(0);
});

it('deletes what was given up of the person, also what EventBridge Scheduler could not send', async () => {
  const { deadLetterQueueUrl = '', undeliveredQueueUrl = '' } = later();
  for (const queueUrl of [deadLetterQueueUrl, undeliveredQueueUrl])
    await fill(rig.clients, {
      queueUrl,
      bodies: ['eve', 'fay'].map((person) =>
        serializeLaterMessage({ event: reminder(`of-${person}`, person) }),
      ),
    });
  const report = reportOf(await erase('eve', '--yes'));
  expect(report.deadLetters).toMatchObject([
    { owner: 'email', deleted: 0 },
    { owner: 'email', deleted: 0 },
    { owner: 'later', role: 'dead-letter queue', deleted: 1 },
    { owner: 'later', role: 'undelivered queue', deleted: 1 },
  ]);
  expect(report.left).toEqual([]);
  for (const queueUrl of [deadLetterQueueUrl, undeliveredQueueUrl])
    expect((await drain(rig.clients, queueUrl)).map(({ Body = '' }) => JSON.parse(Body).event.id)).toEqual([
      'of-fay',
    ]);
});

it('names a schedule that is no event and has the name of the person in it', async () => {
  const cancel = { owner: '/s', key: 'gil', at: '2026-01-01T00:00:00Z' };
  await schedule({ cancel }, 'strange');
  const ended = await erase('gil', '--yes');
  expect(ended.code).toBe(1);
  expect(reportOf(ended).left).toEqual([
    { what: 'schedule strange', why: 'it is no event, but it names the person; look at it' },
  ]);
});
