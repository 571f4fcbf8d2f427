import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HOUR_MS } from '../../../lib/archive/object-key.ts';
import { archiveActions } from '../../../lib/console/actions/archive-actions.ts';
import type { ArchivedEvents } from '../../../lib/console/shapes.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import {
  archivedOf,
  eventOf,
  HOUR,
  objectOf,
  type WrittenObject,
} from '../../apps/archive/archive-objects.ts';
import { eventually } from '../../apps/client.ts';
import { expectDocumented, expectIsoTimes } from './documented-shapes.ts';
import { type Ended, fill, type Rig, startRig } from './rig.ts';

/** A day of its own for each test, because they share the bucket. */
const DAY = 24 * HOUR_MS;
const dayOf = (day: number): number => HOUR + day * DAY;
const iso = (at: number): string => new Date(at).toISOString();
const rangeOf = (day: number): readonly string[] => ['--from', iso(dayOf(day)), '--to', iso(dayOf(day + 1))];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ archive: true });
});
afterAll(() => rig.stop());

async function put(...objects: readonly WrittenObject[]): Promise<void> {
  const s3 = await rig.clients.s3();
  for (const { key: Key, body: Body } of objects)
    await s3.send(new PutObjectCommand({ Bucket: rig.deployment.archives[0]?.bucketName, Key, Body }));
}

const at = (moment: number, id: string, event = {}): WrittenObject =>
  objectOf([archivedOf(eventOf({ id, ...event }), moment)]);

const jsonOf = ({
  stdout,
}: Pick<Ended, 'stdout'>): readonly { kind: string; data: Record<string, unknown> }[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const idsOf = (ended: Pick<Ended, 'stdout'>): readonly unknown[] =>
  jsonOf(ended).flatMap(({ kind, data }) => (kind === 'archivedEvent' ? [Object(data.event).id] : []));
const sumsOf = (ended: Pick<Ended, 'stdout'>): unknown =>
  jsonOf(ended).find(({ kind }) => kind === 'archivedEvents')?.data;

describe('fanfare events', () => {
  it('lists the events of a range in order, over more keys than a page of S3 has', async () => {
    const objects = Array.from({ length: 1_003 }, (_, index) => at(dayOf(1) + index * 60_000, `e${index}`));
    await put(...objects, at(dayOf(2) + 1, 'next day'));
    const ended = await rig.run('events', '--json', ...rangeOf(1));
    expect(ended.code).toBe(0);
    expect(idsOf(ended)).toEqual(objects.map((_, index) => `e${index}`));
    expect(sumsOf(ended)).toMatchObject({ events: 1_003, repeated: 0, unreadable: [], missing: 0 });
  });

  it('chooses, leaves out what came before, and shows large data', async () => {
    const moment = dayOf(4);
    const large = archivedOf(eventOf({ id: 'large', data: undefined, dataref: 's3://b/k' }), moment, {
      largeData: '{"country":"DE"}',
    });
    await put(
      objectOf([large, archivedOf(eventOf({ id: 'small' }), moment + 1)]),
      objectOf([large], moment + 600_000, 'b2'),
      at(moment, 'other', { type: 'shop.OrderReturned.v1' }),
    );
    const args = ['--type', 'shop.OrderPlaced', '--where', '{"data":{"country":["DE"]}}', ...rangeOf(4)];
    const ended = await rig.run('events', '--json', ...args);
    expect(idsOf(ended)).toEqual(['large', 'small']);
    expectDocumented('archivedEvent', jsonOf(ended)[0]?.data);
    expectDocumented('archivedEvents', sumsOf(ended));
    expect(jsonOf(ended)[0]?.data).toEqual({
      arrivedAt: iso(moment),
      event: { ...eventOf({ id: 'large' }), data: { country: 'DE' }, dataref: 's3://b/k' },
    });
    expect(sumsOf(ended)).toMatchObject({ events: 2, repeated: 1 });
    const human = await rig.run('events', ...args);
    expect(human.stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}shop\.OrderPlaced\.v1 {2}\/shop\/checkout {2}large {2}\{"country":"DE"\}$/m,
    );
    expect(human.stderr).toMatch(/^2 events; 1 message left out that came before$/m);
    expect(human.stderr).toContain('The archive is complete up to ');
  });

  it('stops at the limit, and says that there may be more', async () => {
    await put(...[0, 1, 2].map((index) => at(dayOf(6) + index, `l${index}`)));
    const ended = await rig.run('events', '--limit', '2', ...rangeOf(6));
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n')).toHaveLength(2);
    expect(ended.stderr).toContain('2 events, and there may be more: --limit ended the list');
  });

  it('goes on after an object that is damaged, names it, and ends with 1', async () => {
    const damaged = at(dayOf(8) + 1, 'damaged');
    await put(
      at(dayOf(8), 'before'),
      { key: damaged.key, body: damaged.body.subarray(0, 20) },
      at(dayOf(8) + HOUR_MS, 'after'),
    );
    const ended = await rig.run('events', '--json', ...rangeOf(8));
    expect(ended.code).toBe(1);
    expect(idsOf(ended)).toEqual(['before', 'after']);
    expect(sumsOf(ended)).toMatchObject({ unreadable: [{ key: damaged.key }] });
    const human = await rig.run('events', ...rangeOf(8));
    expect(human).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`! ${damaged.key} could not be`),
    });
  });

  it('tells what is not in the archive, and up to when it is complete', async () => {
    const [archive] = rig.deployment.archives;
    if (!archive) throw new Error('there is no archive');
    onTestFinished(async () => {
      for (const QueueUrl of [archive.queueUrl, archive.deadLetterQueueUrl])
        await rig.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    });
    await fill(rig.clients, { queueUrl: archive.deadLetterQueueUrl, bodies: ['a', 'b'] });
    await fill(rig.clients, { queueUrl: archive.queueUrl, bodies: ['waits'] });
    const waiting = Date.now();
    const ended = await rig.run('events', '--json', ...rangeOf(300));
    expect(ended.code).toBe(0);
    expect(sumsOf(ended)).toMatchObject({ events: 0, missing: 2 });
    const { watermark } = Object(sumsOf(ended));
    // A message waits, so nothing after its arrival is complete. When a minute turns, the metrics may not tell.
    expect(watermark === null ? 0 : Date.parse(watermark)).toBeLessThanOrEqual(waiting);
    const human = await rig.run('events', ...rangeOf(300));
    expect(human.stderr).toContain('! 2 messages could not be archived');
  });

  it('follows what is archived, each event once, and ends well at Ctrl-C', async () => {
    const now = Date.now();
    await put(objectOf([archivedOf(eventOf({ id: 'first' }), now - 5_000)], now));
    const following = rig.begin(['events', '--follow', '--json', '--from', iso(now - 10_000)]);
    await eventually('the first is shown', async () => idsOf(following.output).includes('first'));
    const later = Date.now();
    await put(objectOf([archivedOf(eventOf({ id: 'second' }), later + 1_000)], later + 2_000));
    await eventually('the second is shown', async () => idsOf(following.output).includes('second'));
    following.kill('SIGINT');
    const ended = await following.ended;
    expect(ended.code).toBe(0);
    expect(idsOf(ended)).toEqual(['first', 'second']);
    expect(sumsOf(ended)).toMatchObject({ events: 2, repeated: 0 });
  });

  it('ends quietly when nobody reads any more, in the middle of many lines', async () => {
    const now = Date.now();
    const lines = Array.from({ length: 5_000 }, (_, index) =>
      archivedOf(eventOf({ id: `many${index}`, type: 'shop.Many.v1' }), now - 60_000),
    );
    await put(objectOf(lines, now));
    const running = rig.begin(['events', '--type', 'shop.Many.v1', '--from', '1h']);
    await eventually('it prints', async () => running.output.stdout !== '');
    running.closeOutput();
    expect(await running.ended).toMatchObject({ code: 141, stderr: '' });
  });

  it('ends quietly when nobody reads any more what it follows', async () => {
    const few = (at: number): WrittenObject =>
      objectOf([archivedOf(eventOf({ id: `few${at}`, type: 'shop.Few.v1' }), at)]);
    await put(few(Date.now() - 60_000));
    const running = rig.begin(['events', '--follow', '--type', 'shop.Few.v1', '--from', '1h']);
    await eventually('it prints', async () => running.output.stdout !== '');
    running.closeOutput();
    // Who reads no more is found out by the next event.
    await put(few(Date.now() + 1_000));
    expect(await running.ended).toMatchObject({ code: 141, stderr: '' });
  });

  it('names types that no object can have, which an archive may know and contracts may not', async () => {
    await put(at(dayOf(14), 'typed'));
    const types = ['--type', 'shop.Nope', '--type', 'shop.Nope.v1', '--type', 'shop.OrderPlaced'];
    const ended = await rig.run('events', ...types, ...rangeOf(14));
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('typed') });
    expect(ended.stderr).toContain(
      'No object of this range has a mark of shop.Nope, shop.Nope.v1: it has no such event',
    );
    const none = await rig.run('events', '--type', 'shop.Nope', ...rangeOf(14));
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toContain(
      '0 events\nNo object of this range has a mark of shop.Nope: it has no such event',
    );
    const json = await rig.run('events', '--json', ...types, ...rangeOf(14));
    expectDocumented('archivedEvents', sumsOf(json));
    expect(sumsOf(json)).toMatchObject({ events: 1, withoutMark: ['shop.Nope', 'shop.Nope.v1'] });
  });

  it('refuses a range that ends before it begins, and a policy that is none', async () => {
    expect(await rig.run('events', '--from', '1h', '--to', '2h')).toMatchObject({ code: 2 });
    const wrong = await rig.run('events', '--where', '{"data":{"country":"DE"}}');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'data.country' must be a list"),
    });
  });
});

describe('fanfare trace', () => {
  it('shows from the archive what no consumer has a record of, when it is told since when', async () => {
    await put(at(dayOf(10), 'forgotten', { correlationid: 'forgotten' }));
    const without = await rig.run('trace', 'forgotten');
    expect(without.stderr).toContain('--from 60d searches it');
    const ended = await rig.run('trace', 'forgotten', '--json', ...rangeOf(10));
    const { data } = JSON.parse(ended.stdout);
    expectDocumented('trace', data);
    expectIsoTimes(data);
    expect(data).toMatchObject([{ id: 'forgotten', archivedAt: iso(dayOf(10)), handlings: [], caused: [] }]);
  });

  it('says that the archive has nothing either, and refuses an end without a beginning', async () => {
    const ended = await rig.run('trace', 'never', ...rangeOf(10));
    expect(ended.stderr).toContain('nothing that arrived in the archive since');
    expect(await rig.run('trace', 'never', '--to', '1h')).toMatchObject({ code: 2 });
  });
});

describe('the search of the console', () => {
  async function search(body: object): Promise<ArchivedEvents> {
    const { clients, deployment, where } = rig;
    const publisher = createPublisher({ topicArn: deployment.topicArn, sns: clients.sns });
    const context = { place: where.place, clients, deployment, contracts: [], publisher, readOnly: true };
    const [action] = archiveActions(context);
    return (await action?.run({}, body, new AbortController().signal)) as ArchivedEvents;
  }

  it('finds what the command finds, with at most 200 events, and the link of none', async () => {
    const link = eventOf({ data: undefined, dataref: 'https://files.example/f?X-Amz-Signature=secret' });
    await put(
      objectOf(
        Array.from({ length: 201 }, (_, index) =>
          archivedOf({ ...link, id: `c${index}` }, dayOf(12) + index),
        ),
      ),
    );
    const [from, to] = [iso(dayOf(12)), iso(dayOf(13))];
    const all = await search({ from, to });
    expect(all).toMatchObject({ more: true, repeated: 0, unreadable: [], missing: 0 });
    expect(all.events).toHaveLength(200);
    expect(JSON.stringify(all)).not.toContain('secret');
    expect(JSON.parse(all.events[0]?.text ?? '')).toMatchObject({
      id: 'c0',
      dataref: 'https://files.example/f?…',
    });
    expect(await search({ from, to, subject: 'none' })).toMatchObject({ events: [], more: false });
  });

  it.each([
    [{ from: 'yesterday' }, "'yesterday' is no time"],
    [{ from: '1h', where: '{"a":1}' }, "'a' must be a list"],
    [{}, 'from'],
  ])('refuses %j', async (body, reason) => {
    await expect(search(body)).rejects.toThrow(reason);
    await expect(search(body)).rejects.toMatchObject({ status: 400 });
  });
});

it('a bus without an archive says so', async () => {
  const other = await startRig();
  const ended = await other.run('events');
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr).toMatch(/^fanfare: the bus shop-dev-Bus has no archive; deploy it with -c archive=on/);
  await other.clients.dynamodb.send(
    new PutItemCommand({
      TableName: other.consumer.idempotencyTable,
      Item: { id: { S: '/test|known' }, type: { S: 'shop.OrderPlaced.v1' }, status: { S: 'COMPLETED' } },
    }),
  );
  const traced = await other.run('trace', 'known', '--from', '1h');
  expect(traced).toMatchObject({ code: 3, stdout: expect.stringContaining('known') });
  expect(traced.stderr).toContain('the bus shop-dev-Bus has no archive');
  await other.stop();
});
